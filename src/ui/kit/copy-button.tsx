import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from './button.tsx'

const CONFIRMATION_MS = 1500

/** Copies text and says so for a moment; a refused clipboard is said too. */
export function CopyButton(props: {
  readonly text: () => string
  readonly label: string
  readonly size?: 'sm' | 'md'
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), CONFIRMATION_MS)
    return () => clearTimeout(timer)
  }, [state])
  const label = {
    idle: props.label,
    copied: 'Copied',
    refused: 'The browser refused the clipboard',
  }[state]
  return (
    <IconButton
      label={label}
      size={props.size ?? 'sm'}
      onClick={() => {
        navigator.clipboard.writeText(props.text()).then(
          () => setState('copied'),
          () => setState('refused'),
        )
      }}
    >
      {state === 'copied' ? <Check className="text-good" /> : <Copy />}
    </IconButton>
  )
}
