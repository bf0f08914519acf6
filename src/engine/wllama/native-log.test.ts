import { describe, expect, it } from 'vitest'
import type { EngineError } from '../engine.ts'
import { createNativeLog, engineErrorFrom } from './native-log.ts'

const OBSCURE = Object.assign(new Error('Invalid typed array length: 1163217991'), {
  name: 'RuntimeError',
})

describe('engineErrorFrom', () => {
  // Recorded from wllama 3.8.1, but for the device and network ones.
  const cases: readonly (readonly [readonly string[], unknown, EngineError])[] = [
    [
      [
        "llama_model_load: error loading model: tensor 'blk.0.ffn_down.weight' data is not within the file bounds, model is corrupted or incomplete",
        'llama_model_load_from_file_impl: failed to load model',
      ],
      undefined,
      {
        kind: 'corrupt-model',
        detail:
          "tensor 'blk.0.ffn_down.weight' data is not within the file bounds, model is corrupted or incomplete",
      },
    ],
    [
      ["llama_model_load: error loading model: unknown model architecture: 'nonesuch'"],
      undefined,
      { kind: 'unsupported', detail: "unknown model architecture: 'nonesuch'" },
    ],
    [
      // The first line comes on every machine without a GPU.
      [
        'ggml_webgpu: Failed to get an adapter: WebGPU not available on this browser (requestAdapter returned null)',
        'gguf_init_from_file_impl: invalid magic characters: GGUX',
      ],
      undefined,
      { kind: 'corrupt-model', detail: 'invalid magic characters: GGUX' },
    ],
    [
      ['ggml_webgpu: Device error! Reason: 2, Message: [Invalid ComputePipeline] is invalid.'],
      undefined,
      {
        kind: 'gpu-failed',
        detail: 'Device error! Reason: 2, Message: [Invalid ComputePipeline] is invalid.',
      },
    ],
    [
      [
        'ggml_aligned_malloc: insufficient memory (attempted to allocate 16384.00 MB)',
        'ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 17179869184',
      ],
      undefined,
      { kind: 'out-of-memory', neededBytes: 17_179_869_184 },
    ],
    [['std::bad_alloc'], OBSCURE, { kind: 'out-of-memory', neededBytes: null }],
    [
      [],
      new Error('request (2053 tokens) exceeds the available context size (2048 tokens)'),
      { kind: 'context-exceeded', promptTokens: 2053, contextLength: 2048 },
    ],
    [
      ['ggml_webgpu: Device lost! Reason: 1, Message: gone'],
      new Error('(ABORT)'),
      { kind: 'device-lost', detail: 'Device lost! Reason: 1, Message: gone' },
    ],
    [[], new TypeError('Failed to fetch'), { kind: 'network', detail: 'Failed to fetch' }],
    [['something new'], undefined, { kind: 'corrupt-model', detail: 'something new' }],
    [[], OBSCURE, { kind: 'crashed', detail: 'Invalid typed array length: 1163217991' }],
  ]
  for (const [problems, thrown, error] of cases) {
    it(`reads ${error.kind} from ${problems[0] ?? String(thrown)}`, () => {
      expect(engineErrorFrom({ during: 'load', problems, thrown })).toEqual(error)
    })
  }

  it('does not call a request that fails a corrupt model', () => {
    const failure = { during: 'request', problems: ['something new'], thrown: OBSCURE } as const
    expect(engineErrorFrom(failure)).toEqual({ kind: 'crashed', detail: 'something new' })
  })
})

describe('createNativeLog', () => {
  it('keeps problems apart from chatter and from earlier requests', () => {
    const log = createNativeLog(() => undefined)
    log.logger.error('old')
    log.clearProblems()
    log.logger.debug('chatter')
    log.logger.warn('new', { code: 1 })
    expect(log.problems()).toEqual(['new {"code":1}'])
  })

  it('is bounded, and still right after it overflowed', () => {
    const log = createNativeLog(() => undefined)
    for (let line = 0; line < 1000; line++) log.logger.error(`line ${line}`)
    expect(log.problems()).toHaveLength(200)
    log.clearProblems()
    log.logger.error('fresh')
    expect(log.problems()).toEqual(['fresh'])
  })
})
