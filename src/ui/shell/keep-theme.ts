import type { StoreApi } from 'zustand/vanilla'
import type { AppState } from '../../store/state.ts'

/** Keeps `data-theme` at the chosen theme, or at the system's while it changes. `public/theme-boot.js` sets it before the first paint. */
export function keepTheme(store: StoreApi<AppState>): void {
  const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
  function apply() {
    const { theme } = store.getState()
    const isDark = theme === 'dark' || (theme === 'system' && systemDark.matches)
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  }
  systemDark.addEventListener('change', apply)
  store.subscribe((state, previous) => {
    if (state.theme !== previous.theme || state.hydrated !== previous.hydrated) apply()
  })
}
