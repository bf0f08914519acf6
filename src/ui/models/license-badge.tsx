import { Scale } from 'lucide-react'
import { Badge, type Tone } from '../kit/badge.tsx'

const TONES: Readonly<Record<string, Tone>> = {
  open: 'neutral',
  'non-commercial': 'warn',
  'own-terms': 'info',
  unknown: 'warn',
}

/** A license by its short name; the colour tells free ones from those with limits, the note beside it says which. */
export function LicenseBadge(props: { readonly label: string; readonly use: string }) {
  return (
    <Badge tone={TONES[props.use] ?? 'neutral'} icon={<Scale />}>
      {props.label}
      {props.use === 'non-commercial' && ', research only'}
    </Badge>
  )
}
