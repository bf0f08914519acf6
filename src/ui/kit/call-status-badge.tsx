import { Check, CircleAlert, CircleX, Hourglass, PenLine, Scissors } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge, type Tone } from './badge.tsx'

const LOOKS = {
  writing: { tone: 'info', icon: <PenLine />, label: 'Writing' },
  waiting: { tone: 'accent', icon: <Hourglass />, label: 'Waiting for a result' },
  done: { tone: 'good', icon: <Check />, label: 'Done' },
  invalid: { tone: 'bad', icon: <CircleX />, label: 'Invalid' },
  'cut-off': { tone: 'warn', icon: <Scissors />, label: 'Cut off' },
  malformed: { tone: 'bad', icon: <CircleAlert />, label: 'Malformed' },
} as const satisfies Record<string, { tone: Tone; icon: ReactNode; label: string }>

/** Where a call stands, as icon, word and colour. */
export function CallStatusBadge({ status }: { readonly status: keyof typeof LOOKS }) {
  const look = LOOKS[status]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.label}
    </Badge>
  )
}
