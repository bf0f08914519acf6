import { useEffect, useRef, useState, type RefObject } from 'react'

/**
 * For the heading of what takes the place of something else, which is hidden meanwhile.
 *
 * It gets the focus, so that the keyboard goes on from there and its beginning is in sight. What had the focus before
 * gets it back in the end, and is in sight again.
 */
export function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  const [opener] = useState(() => document.activeElement)
  useEffect(() => {
    heading.current?.focus()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [opener])
  return heading
}
