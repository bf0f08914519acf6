import type { KeyboardEvent } from 'react'

/** Safari ends a composition before it reports the Enter that ended it; only this code tells then. */
const COMPOSING_KEY_CODE = 229

/** Enter that means "send": no Shift, and not the Enter that picks a word in an input method. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !isComposing(event)
}

export function isComposing(event: KeyboardEvent): boolean {
  // `keyCode` is deprecated, but nothing else covers Safari.
  return event.nativeEvent.isComposing || event.nativeEvent.keyCode === COMPOSING_KEY_CODE
}
