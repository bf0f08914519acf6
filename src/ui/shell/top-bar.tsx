import { CircleHelp, Command, Moon, Settings, Sun, SunMoon } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { IconButton } from '../kit/button.tsx'
import { modifierKey } from '../kit/platform.ts'
import { useAppStore } from '../use-app-store.ts'
import type { Theme } from '../../store/state.ts'
import { Logo } from './logo.tsx'
import { ModelChip } from './model-chip.tsx'

const DownloadRing = lazy(async () => ({
  default: (await import('./download-ring.tsx')).DownloadRing,
}))

const NEXT_THEME: Readonly<Record<Theme, Theme>> = {
  system: 'light',
  light: 'dark',
  dark: 'system',
}
const THEME_ICON = { system: SunMoon, light: Sun, dark: Moon }

export function TopBar() {
  const openDialog = useAppStore((state) => state.openDialog)
  const theme = useAppStore((state) => state.theme)
  const setTheme = useAppStore((state) => state.setTheme)
  const hasDownloads = useAppStore((state) => state.downloads.length > 0)
  const ThemeIcon = THEME_ICON[theme]
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 px-3">
      <h1 className="flex items-center gap-2 text-[0.9375rem] font-semibold tracking-tight">
        <Logo />
        <span className="max-sm:sr-only">Callground</span>
      </h1>
      <ModelChip />
      {hasDownloads && (
        <Suspense fallback={null}>
          <DownloadRing />
        </Suspense>
      )}
      <div className="flex-1" />
      <nav aria-label="App" className="flex items-center gap-0.5">
        <IconButton
          label="Commands"
          shortcut={`${modifierKey()} K`}
          onClick={() => openDialog('palette')}
        >
          <Command />
        </IconButton>
        <IconButton
          label="Settings"
          shortcut={`${modifierKey()} ,`}
          onClick={() => openDialog('settings')}
        >
          <Settings />
        </IconButton>
        <IconButton label={`Theme: ${theme}`} onClick={() => setTheme(NEXT_THEME[theme])}>
          <ThemeIcon />
        </IconButton>
        <IconButton
          label="Keyboard shortcuts"
          shortcut="?"
          className="max-sm:hidden"
          onClick={() => openDialog('shortcuts')}
        >
          <CircleHelp />
        </IconButton>
      </nav>
    </header>
  )
}
