import { ArrowDownToLine, ArrowUpFromLine } from 'lucide-react'
import type { TypeChange } from '../../core/gguf/tensor-rows.ts'

/** The words for how a tensor's type compares to the base type. */
export const CHANGE_WORDS: Readonly<Record<TypeChange, string>> = {
  base: 'as the base type',
  raised: 'raised above the base type',
  lowered: 'lowered below the base type',
  unquantized: 'not quantized',
  unknown: 'of an unknown type',
}

/** An arrow for what is raised or lowered; nothing for the rest. */
export function ChangeMark({ change }: { readonly change: TypeChange }) {
  if (change !== 'raised' && change !== 'lowered') return null
  const Icon = change === 'raised' ? ArrowUpFromLine : ArrowDownToLine
  return (
    <Icon
      role="img"
      aria-label={CHANGE_WORDS[change]}
      className={`size-3 shrink-0 ${change === 'raised' ? 'text-accent' : 'text-warn'}`}
    />
  )
}
