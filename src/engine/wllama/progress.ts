import type { Timings, Usage } from '../../core/chat/message.ts'
import type { TokenInfo } from '../../core/chat/token-info.ts'
import type { EngineEvent } from '../engine.ts'
import type { Chunk } from './completion.ts'

export type Progress = ReturnType<typeof createProgress>

/** Adds up the chunks of a request, over all its passes, and turns them into events. */
export function createProgress() {
  const startedAt = performance.now()
  let firstTokenAt: number | null = null
  let usage: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }
  let timings = { prefillMs: 0, decodeMs: 0 }
  let pass = 0
  let earlier = { tokens: 0, decodeMs: 0 }
  /** Told of before their text: it may be the beginning of a stop text. */
  let held: readonly TokenInfo[] = []

  return {
    startPass(): void {
      pass += 1
      held = []
      earlier = { tokens: usage.completionTokens, decodeMs: timings.decodeMs }
    },
    loseToken(): void {
      usage = { ...usage, completionTokens: usage.completionTokens + 1 }
    },
    add(chunk: Chunk): EngineEvent[] {
      const events: EngineEvent[] = []
      if (chunk.prefill && pass === 1) {
        const { done, total, cached } = chunk.prefill
        usage = { ...usage, promptTokens: total, cachedTokens: cached }
        events.push({ type: 'prefill', done, total, cached })
      }
      if (chunk.timings) {
        const { prefillMs, decodeMs, completionTokens } = chunk.timings
        usage = { ...usage, completionTokens: earlier.tokens + completionTokens }
        timings = {
          prefillMs: pass === 1 ? prefillMs : timings.prefillMs,
          decodeMs: earlier.decodeMs + decodeMs,
        }
      }
      held = [...held, ...chunk.tokens]
      if (chunk.text !== '') {
        firstTokenAt ??= performance.now()
        const { text } = chunk
        events.push({ type: 'token', text, ...(held.length > 0 && { tokens: held }) })
        held = []
      }
      return events
    },
    usage: () => usage,
    end(reason: 'stop' | 'length' | 'context' | 'abort'): EngineEvent {
      const measured: Timings = {
        ...timings,
        firstTokenMs: (firstTokenAt ?? performance.now()) - startedAt,
      }
      return { type: 'end', reason, usage, timings: measured }
    },
  }
}
