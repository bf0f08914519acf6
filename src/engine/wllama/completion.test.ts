import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestFor } from '../__fixtures__/engine-contract.ts'
import { completionParams, parseChunk } from './completion.ts'

const NOTHING = { text: '', tokens: [], finish: null, prefill: null, timings: null, usage: null }

describe('completionParams', () => {
  it('writes the names that llama.cpp reads', () => {
    const request = requestFor('Hi', { stop: ['', 'END'], showControlTokens: ['<|x|>'] })
    const sampling = { ...request.sampling, seed: null, topK: 7, minP: 0.1, repeatPenalty: 1.2 }
    expect(completionParams({ ...request, sampling }, 'Hi', 9)).toEqual({
      prompt: 'Hi',
      max_tokens: 9,
      temperature: 0,
      top_p: 1,
      top_k: 7,
      min_p: 0.1,
      repeat_penalty: 1.2,
      seed: -1,
      stop: ['END'],
      preserved_tokens: ['<|x|>'],
      cache_prompt: true,
      return_progress: true,
      timings_per_token: true,
      stream: true,
    })
  })

  it('asks for alternatives only when there are to be some, and not for more than are worth it', () => {
    const asked = (alternatives: number) =>
      completionParams(requestFor('Hi', { alternatives }), 'Hi', 9).n_probs
    expect([0, 3, 99].map(asked)).toEqual([undefined, 3, 10])
  })
})

describe('parseChunk', () => {
  it('reads tokens with their alternatives, without those of no probability', () => {
    const a = { id: 97, token: 'a', bytes: [97], logprob: -0.5 }
    const raw = {
      choices: [
        {
          text: 'a',
          logprobs: { content: [{ ...a, top_logprobs: [a, { ...a, logprob: null }] }] },
        },
      ],
    }
    const token = { id: 97, text: 'a', logprob: -0.5 }
    expect(parseChunk(raw)).toEqual({
      ...NOTHING,
      text: 'a',
      tokens: [{ ...token, alternatives: [token] }],
    })
  })

  it('reads a token', () => {
    const raw = {
      choices: [{ text: 'a', finish_reason: null }],
      timings: { prompt_ms: 12.5, predicted_ms: 3, predicted_n: 2 },
    }
    expect(parseChunk(raw)).toEqual({
      ...NOTHING,
      text: 'a',
      timings: { prefillMs: 12.5, decodeMs: 3, completionTokens: 2 },
    })
  })

  it('reads progress and usage', () => {
    const raw = {
      choices: [{ text: '', finish_reason: 'length' }],
      prompt_progress: { total: 6, cache: 5, processed: 5, time_ms: 0 },
      usage: {
        completion_tokens: 2,
        prompt_tokens: 6,
        prompt_tokens_details: { cached_tokens: 5 },
      },
    }
    expect(parseChunk(raw)).toEqual({
      ...NOTHING,
      finish: 'length',
      prefill: { done: 5, total: 6, cached: 5 },
      usage: { promptTokens: 6, cachedTokens: 5, completionTokens: 2 },
    })
  })

  it('makes something of anything', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        expect(Object.keys(parseChunk(raw))).toEqual(Object.keys(NOTHING))
      }),
    )
  })
})
