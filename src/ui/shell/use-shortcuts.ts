import { useEffect } from 'react'
import type { Pane } from '../../store/state.ts'
import { hasModifier } from '../kit/platform.ts'
import { useAppStoreApi } from '../use-app-store.ts'

const PANES: readonly Pane[] = ['tools', 'chat', 'calls']

/** The shortcuts that work everywhere. The sheet in shortcuts-dialog.tsx lists them. */
export function useShortcuts(): void {
  const store = useAppStoreApi()
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return
      const state = store.getState()
      const key = event.key.toLowerCase()
      if (hasModifier(event) && !event.altKey) {
        const handled = modifierShortcut(key, event.shiftKey)
        if (handled) {
          event.preventDefault()
          handled()
        }
        return
      }
      if (event.altKey && !event.shiftKey && !event.metaKey && /^Digit[123]$/.test(event.code)) {
        event.preventDefault()
        focusPane(PANES[Number(event.code.at(-1)) - 1] ?? 'chat')
        return
      }
      if (event.key === 'Escape' && state.dialog === null && state.turn.type !== 'idle') {
        event.preventDefault()
        state.stop()
        return
      }
      if (event.key === '?' && !isTyping(event.target)) {
        event.preventDefault()
        state.openDialog('shortcuts')
      }
    }

    function modifierShortcut(key: string, shift: boolean): (() => void) | null {
      const state = store.getState()
      if (key === 'k' && !shift)
        return () => state.openDialog(state.dialog === 'palette' ? null : 'palette')
      if (key === ',' && !shift) return () => state.openDialog('settings')
      if (key === 'o' && shift) return () => state.newConversation()
      return null
    }

    function focusPane(pane: Pane) {
      store.getState().setPhonePane(pane)
      // The pane may only now become visible, at phone width.
      requestAnimationFrame(() => {
        const element = document.querySelector<HTMLElement>(`[data-pane="${pane}"]`)
        const target = element?.querySelector<HTMLElement>('[data-pane-focus]') ?? element
        target?.focus()
      })
    }

    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [store])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}
