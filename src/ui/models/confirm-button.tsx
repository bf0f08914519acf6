import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Button } from '../kit/button.tsx'

/** A button for what cannot be undone: the first press asks, in its own place. */
export function ConfirmButton(props: {
  readonly label: ReactNode
  readonly name: string
  readonly question: string
  readonly confirmLabel: string
  readonly onConfirm: () => void
}) {
  const [isAsking, setIsAsking] = useState(false)
  if (!isAsking) {
    return (
      <Button size="sm" aria-label={props.name} onClick={() => setIsAsking(true)}>
        {props.label}
      </Button>
    )
  }
  return <Confirm {...props} onCancel={() => setIsAsking(false)} />
}

/** Asks, with the focus on the safe answer. */
export function Confirm(props: {
  readonly question: string
  readonly confirmLabel: string
  readonly onConfirm: () => void
  readonly onCancel: () => void
}) {
  const keep = useRef<HTMLButtonElement>(null)
  useEffect(() => keep.current?.focus(), [])
  return (
    <span role="group" aria-label={props.question} className="flex flex-wrap items-center gap-2">
      <span className="text-xs font-medium">{props.question}</span>
      <Button
        size="sm"
        tone="danger"
        onClick={() => {
          props.onCancel()
          props.onConfirm()
        }}
      >
        {props.confirmLabel}
      </Button>
      <Button size="sm" ref={keep} onClick={props.onCancel}>
        Keep
      </Button>
    </span>
  )
}
