import { describe, expect, it } from 'vitest'
import { webllmError } from './webllm-error.ts'

const named = (name: string, message: string) => Object.assign(new Error(message), { name })

describe('webllmError', () => {
  it.each([
    [
      named(
        'ContextWindowSizeExceededError',
        'Prompt tokens exceed context window size: number of prompt tokens: 5000; context window size: 4096\nConsider',
      ),
      { kind: 'context-exceeded', promptTokens: 5000, contextLength: 4096 },
    ],
    [
      named('GrammarMatcherInitError', 'Failed to initialize the grammar matcher: Aborted()'),
      { kind: 'bad-constraint' },
    ],
    [new Error('Grammar matcher rejected the newly sampled token.'), { kind: 'bad-constraint' }],
    [
      named('DeviceLostError', 'The WebGPU device was lost while loading the model.'),
      { kind: 'device-lost' },
    ],
    [
      new RangeError('Array buffer allocation failed'),
      { kind: 'out-of-memory', neededBytes: null },
    ],
    [
      named('ShaderF16SupportError', 'This model requires WebGPU extension shader-f16'),
      { kind: 'unsupported' },
    ],
    [
      new Error('Cannot initialize runtime because of requested maxBufferSize exceeds limit.'),
      { kind: 'unsupported' },
    ],
    [new TypeError('Failed to fetch'), { kind: 'network' }],
    ['NetworkError: Failed to execute add on Cache', { kind: 'network' }],
    [new SyntaxError('Unexpected token < in JSON at position 0'), { kind: 'corrupt-model' }],
    [
      named('CompileError', 'WebAssembly.instantiate(): expected magic word'),
      { kind: 'corrupt-model' },
    ],
    ['Error: something else', { kind: 'crashed', detail: 'Error: something else' }],
    [undefined, { kind: 'crashed' }],
  ])('knows %s', (thrown, error) => {
    expect(webllmError(thrown)).toMatchObject(error)
    // Through WebLLM's own worker handler the same error is a string.
    expect(webllmError(String(thrown))).toMatchObject({ kind: error.kind })
  })
})
