import { assertNever } from '../../core/lib/assert-never.ts'
import type { Comparison } from '../../store/compare-slice.ts'
import { callRulesText } from '../kit/call-rules-words.ts'
import { formatCount } from '../kit/quantities.ts'

/** How far the engine's own run is, and what it was held to. */
export function NativeState({ run }: { readonly run: Comparison['run'] }) {
  return (
    <p aria-live="polite" className="text-xs text-ink-muted tabular-nums">
      {run === null ? 'Waiting for the engine…' : stateText(run)}
    </p>
  )
}

function stateText({ state, rules }: NonNullable<Comparison['run']>): string {
  switch (state.type) {
    case 'loading': {
      const percent = Math.round((state.doneBytes / Math.max(1, state.totalBytes)) * 100)
      return `Loading the model a second time, with its own template: ${percent} %`
    }
    case 'running':
      return 'Running…'
    case 'ended':
      return `Ended: ${reasonText(state.reason)} · tool choice ${callRulesText(rules)} · ${formatCount(state.usage.promptTokens)} prompt tokens`
    case 'failed':
      return `Tool choice ${callRulesText(rules)}`
    default:
      return assertNever(state)
  }
}

function reasonText(reason: 'stop' | 'length' | 'context' | 'abort'): string {
  switch (reason) {
    case 'stop':
      return 'complete'
    case 'length':
      return 'cut off at the token limit'
    case 'context':
      return 'cut off, the context is full'
    case 'abort':
      return 'stopped'
    default:
      return assertNever(reason)
  }
}
