import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

/** Within this many pixels of the end counts as being at the end. */
const NEAR_BOTTOM_PX = 24

/**
 * Keeps a scroll container at its end while its content grows, until the user scrolls up.
 *
 * `isAtBottom` is false once the user left the end; `jump` goes back there and stays.
 */
export function useStickToBottom(): {
  readonly containerRef: RefObject<HTMLDivElement | null>
  readonly contentRef: RefObject<HTMLDivElement | null>
  readonly isAtBottom: boolean
  readonly jump: () => void
} {
  const containerRef = useRef<HTMLDivElement>(null)
  const contentRef = useRef<HTMLDivElement>(null)
  const isPinned = useRef(true)
  const [isAtBottom, setIsAtBottom] = useState(true)

  const jump = useCallback(() => {
    isPinned.current = true
    setIsAtBottom(true)
    const container = containerRef.current
    if (container) container.scrollTop = container.scrollHeight
  }, [])

  useEffect(() => {
    const container = containerRef.current
    const content = contentRef.current
    if (!container || !content) return
    let lastTop = container.scrollTop
    const onScroll = () => {
      const distance = container.scrollHeight - container.clientHeight - container.scrollTop
      // Only a move upwards unpins: content that grew puts the end further away without the user's doing.
      if (container.scrollTop < lastTop && distance > NEAR_BOTTOM_PX) isPinned.current = false
      else if (distance <= NEAR_BOTTOM_PX) isPinned.current = true
      lastTop = container.scrollTop
      setIsAtBottom(isPinned.current)
    }
    const observer = new ResizeObserver(() => {
      if (isPinned.current) container.scrollTop = container.scrollHeight
    })
    observer.observe(content)
    observer.observe(container)
    container.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      container.removeEventListener('scroll', onScroll)
    }
  }, [])

  return { containerRef, contentRef, isAtBottom, jump }
}
