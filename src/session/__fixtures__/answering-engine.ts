import { err, ok } from '../../core/lib/result.ts'
import type { Engine, EngineEvent, EngineInfo, GenerateRequest } from '../../engine/engine.ts'

/** A string is a token, an event is passed on, a promise is waited for; the answer then ends by itself. */
export type AnswerScript = readonly (string | EngineEvent | Promise<void>)[]

export type AnsweringEngine = Engine & {
  readonly requests: readonly GenerateRequest[]
  /** What it was to read ahead, and whether that was stopped. */
  readonly warmups: readonly { readonly prompt: string; readonly signal: AbortSignal }[]
  readonly isUnloaded: () => boolean
}

export type AnsweringEngineOptions = {
  /** One script for each request, in order; the last one again and again. */
  readonly answers: readonly AnswerScript[]
  readonly info?: Partial<EngineInfo>
}

/** Promises that a test resolves by hand. */
export function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open }
}

/** An engine in memory that keeps the contract: exactly one terminal event, and an abort ends it at once. */
export function createAnsweringEngine({ answers, info }: AnsweringEngineOptions): AnsweringEngine {
  const requests: GenerateRequest[] = []
  const warmups: { prompt: string; signal: AbortSignal }[] = []
  let unloaded = false

  async function* generate(
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void, void> {
    requests.push(request)
    const script = answers[Math.min(requests.length, answers.length) - 1] ?? []
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve())
    })
    let tokens = 0
    const end = (reason: 'stop' | 'length' | 'context' | 'abort'): EngineEvent => ({
      type: 'end',
      reason,
      usage: { promptTokens: 10, cachedTokens: 0, completionTokens: tokens },
      timings: { prefillMs: 5, decodeMs: 10, firstTokenMs: 6 },
    })
    for (const step of script) {
      if (step instanceof Promise) await Promise.race([step, aborted])
      if (signal.aborted) return yield end('abort')
      if (step instanceof Promise) continue
      if (typeof step === 'string') {
        tokens++
        yield { type: 'token', text: step }
        continue
      }
      yield step
      if (step.type === 'end' || step.type === 'error') return
    }
    yield end(signal.aborted ? 'abort' : 'stop')
  }

  return {
    info: {
      engine: 'wllama',
      modelName: 'Answering',
      backend: { type: 'cpu', threads: 1, why: 'A test' },
      contextLength: 4096,
      trainedContextLength: 4096,
      yarn: null,
      cacheType: 'f16',
      cacheShape: { elementsPerToken: 0, types: ['f16'] },
      chatTemplate: null,
      bosToken: '',
      eosToken: '',
      addsBos: false,
      sizeBytes: 0,
      architecture: 'test',
      ...info,
    },
    capabilities: {
      topK: true,
      minP: true,
      repeatPenalty: true,
      prefillProgress: true,
      prefixCache: true,
      threads: true,
      gpuLayers: false,
      constraint: false,
      alternatives: 0,
      modelProbabilities: true,
      cacheTypes: false,
      yarn: false,
    },
    generate,
    requests,
    isUnloaded: () => unloaded,
    countTokens: async (text) => ok(text.length),
    warmups,
    warm: async (prompt, signal) => {
      warmups.push({ prompt, signal })
      await new Promise((resolve) => setTimeout(resolve, 0))
      return signal.aborted
        ? err({ kind: 'aborted' })
        : ok({ promptTokens: prompt.length, cachedTokens: 0 })
    },
    unload: async () => {
      unloaded = true
    },
  }
}
