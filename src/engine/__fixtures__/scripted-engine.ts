import type { Usage } from '../../core/chat/message.ts'
import { err, ok } from '../../core/lib/result.ts'
import type { Engine, EngineEvent, GenerateRequest } from '../engine.ts'

export type ScriptedEngineOptions = {
  /** One piece, one token. */
  readonly script: readonly string[]
  /** Say the script again and again, until a limit. */
  readonly endless?: boolean
  readonly contextLength?: number
  /** Time for a prefill batch and for a token. */
  readonly stepMs?: number
}

const BATCH = 128

/** An engine in memory that answers every prompt with its script. Each byte of a prompt is a token, as in `scriptedGguf`. */
export function createScriptedEngine(options: ScriptedEngineOptions): Engine {
  const { script, endless = false, contextLength = 8192, stepMs = 0 } = options
  let cache = ''
  let isUnloaded = false

  async function* generate(
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void, void> {
    const total = countBytes(request.prompt)
    if (isUnloaded) {
      yield { type: 'error', error: { kind: 'crashed', detail: 'The model was unloaded.' } }
      return
    }
    if (total >= contextLength) {
      const error = { kind: 'context-exceeded', promptTokens: total, contextLength } as const
      yield { type: 'error', error }
      return
    }
    const cached = Math.min(total - 1, countBytes(commonPrefix(cache, request.prompt)))
    let usage: Usage = { promptTokens: total, cachedTokens: cached, completionTokens: 0 }
    const end = (reason: 'stop' | 'length' | 'context' | 'abort'): EngineEvent => ({
      type: 'end',
      reason,
      usage,
      timings: { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 },
    })
    if (request.sampling.maxTokens < 1) return yield end('length')
    for (let done = cached; done < total;) {
      yield { type: 'prefill', done, total, cached }
      await pause(stepMs, signal)
      if (signal.aborted) return yield end('abort')
      done = Math.min(total, done + BATCH)
      if (done === total) yield { type: 'prefill', done, total, cached }
    }
    cache = request.prompt
    let text = ''
    for (let index = 0; endless || index < script.length; index++) {
      const piece = script[index % script.length] ?? ''
      const stop = request.stop.find((stopText) => (text + piece).includes(stopText))
      if (stop !== undefined) return yield end('stop')
      text += piece
      usage = { ...usage, completionTokens: index + 1 }
      yield { type: 'token', text: piece }
      await pause(stepMs, signal)
      if (signal.aborted) return yield end('abort')
      if (index + 1 >= request.sampling.maxTokens) return yield end('length')
      if (total + index + 1 >= contextLength) return yield end('context')
    }
    yield end('stop')
  }

  return {
    info: {
      engine: 'wllama',
      modelName: 'scripted',
      backend: { type: 'cpu', threads: 1, why: 'A test' },
      contextLength,
      trainedContextLength: contextLength,
      yarn: null,
      cacheType: 'f16',
      cacheShape: { elementsPerToken: 0, types: ['f16'] },
      chatTemplate: null,
      bosToken: '',
      eosToken: '',
      addsBos: false,
      sizeBytes: 0,
      architecture: 'scripted',
    },
    capabilities: {
      topK: true,
      minP: true,
      repeatPenalty: true,
      prefillProgress: true,
      prefixCache: true,
      threads: false,
      gpuLayers: false,
      constraint: false,
      alternatives: 0,
      modelProbabilities: true,
      cacheTypes: false,
      yarn: false,
    },
    generate,
    countTokens: async (text, signal) =>
      signal.aborted ? err({ kind: 'aborted' }) : ok(countBytes(text)),
    warm: async (prompt, signal) => {
      if (signal.aborted) return err({ kind: 'aborted' })
      const promptTokens = countBytes(prompt)
      const cachedTokens = countBytes(commonPrefix(cache, prompt))
      cache = prompt
      return ok({ promptTokens, cachedTokens })
    },
    unload: async () => {
      isUnloaded = true
    },
  }
}

function countBytes(text: string): number {
  return new TextEncoder().encode(text).length
}

function commonPrefix(left: string, right: string): string {
  let length = 0
  while (length < left.length && left[length] === right[length]) length++
  return left.slice(0, length)
}

/** A macrotask at least, so that messages get through as they do between two tokens of a real engine. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, delayMs)
    signal.addEventListener('abort', finish)
  })
}
