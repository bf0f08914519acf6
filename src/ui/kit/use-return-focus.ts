import { useState } from 'react'

/** What had the focus before the first of the dialogs that follow each other: the palette opens others. */
let lastOpener: Element | null = null

/**
 * For `onCloseAutoFocus` of a dialog that is shown without a trigger of Radix's, which would leave the focus nowhere.
 * The focus goes back to what had it when the dialog was first rendered.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(findOpener)
  return (event) => {
    event.preventDefault()
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
  }
}

function findOpener(): Element | null {
  const active = document.activeElement
  const isOutside = active !== null && active !== document.body && !active.closest('[role=dialog]')
  if (isOutside) lastOpener = active
  return lastOpener
}
