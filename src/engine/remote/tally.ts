import type { Timings, Usage } from '../../core/chat/message.ts'
import type { Chunk } from './read-chunk.ts'

/** Counts along, for the end of a stream: what the server says counts more. */
export type Tally = ReturnType<typeof createTally>

export function createTally() {
  const startedAt = performance.now()
  let firstTokenAt: number | null = null
  let lastAt = startedAt
  let tokens = 0
  let said: Chunk['usage'] = null
  let prefill: Chunk['prefill'] = null

  return {
    token(): void {
      lastAt = performance.now()
      firstTokenAt ??= lastAt
      tokens += 1
    },
    isFirstToken: () => firstTokenAt === null,
    hasPrefill: () => prefill !== null || firstTokenAt !== null || said !== null,
    usage(usage: NonNullable<Chunk['usage']>): void {
      // Some tell the cached tokens only in some of the chunks.
      said = { ...usage, cachedTokens: usage.cachedTokens ?? said?.cachedTokens ?? null }
    },
    prefill(progress: NonNullable<Chunk['prefill']>): void {
      prefill = progress
    },
    end<Reason extends 'stop' | 'length' | 'context' | 'abort'>(reason: Reason) {
      const usage: Usage = {
        promptTokens: said?.promptTokens ?? prefill?.total ?? 0,
        cachedTokens: said?.cachedTokens ?? prefill?.cached ?? 0,
        completionTokens: said?.completionTokens ?? tokens,
      }
      const prefillEnd = firstTokenAt ?? lastAt
      const timings: Timings = {
        prefillMs: prefillEnd - startedAt,
        decodeMs: lastAt - prefillEnd,
        firstTokenMs: prefillEnd - startedAt,
      }
      return { type: 'end', reason, usage, timings } as const
    },
  }
}
