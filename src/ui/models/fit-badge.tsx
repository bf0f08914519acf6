import { CircleCheck, CircleHelp, CircleX, LoaderCircle, TriangleAlert } from 'lucide-react'
import type { FitVerdict } from '../../core/gguf/fit.ts'
import { Badge } from '../kit/badge.tsx'

const LOOKS = {
  fits: { tone: 'good', icon: <CircleCheck />, label: 'Fits' },
  tight: { tone: 'warn', icon: <TriangleAlert />, label: 'Tight' },
  'will-not-fit': { tone: 'bad', icon: <CircleX />, label: 'Will not fit' },
} as const

/** Whether something fits, as icon, word and colour. */
export function FitBadge({ verdict }: { readonly verdict: FitVerdict | 'checking' | 'unknown' }) {
  if (verdict === 'checking') {
    return <Badge icon={<LoaderCircle className="animate-spin" />}>Checking</Badge>
  }
  if (verdict === 'unknown') return <Badge icon={<CircleHelp />}>Not checked</Badge>
  const { tone, icon, label } = LOOKS[verdict]
  return (
    <Badge tone={tone} icon={icon}>
      {label}
    </Badge>
  )
}
