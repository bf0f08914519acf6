/** The name of the modifier that shortcuts use here. */
export function modifierKey(): string {
  return isApple() ? '⌘' : 'Ctrl'
}

export function hasModifier(event: {
  readonly metaKey: boolean
  readonly ctrlKey: boolean
}): boolean {
  return isApple() ? event.metaKey : event.ctrlKey
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}
