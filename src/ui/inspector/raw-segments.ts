import type { Span } from '../../core/lib/span.ts'

/** What can be pointed at in the raw output: a call, or one argument of it. */
export type PointTarget = { readonly callIndex: number; readonly span: Span }

/** A stretch of the raw output with the smallest thing it belongs to. */
export type RawSegment = Span & {
  readonly target: PointTarget | null
  readonly isLit: boolean
}

/**
 * Cuts `0 … length` at the targets and at the span that is pointed at.
 *
 * Targets are nested or apart, never half over one another; each call stands before its arguments.
 */
export function rawSegments(
  length: number,
  targets: readonly PointTarget[],
  lit: Span | null,
): readonly RawSegment[] {
  const cuts = new Set([0, length])
  for (const span of [...targets.map((target) => target.span), ...(lit ? [lit] : [])]) {
    cuts.add(clamp(span.start, length))
    cuts.add(clamp(span.end, length))
  }
  const sorted = [...cuts].toSorted((a, b) => a - b)
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index] ?? 0
    return {
      start,
      end,
      target: targets.findLast(({ span }) => span.start <= start && end <= span.end) ?? null,
      isLit: lit !== null && lit.start <= start && end <= lit.end,
    }
  })
}

function clamp(offset: number, length: number): number {
  return Math.min(Math.max(0, offset), length)
}
