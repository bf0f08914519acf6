import { describe, expect, it } from 'vitest'
import {
  builtInModelMessage,
  engineMessage,
  localModelMessage,
  turnMessage,
} from './user-message.ts'

describe('messages', () => {
  it('say what happened, then what to do', () => {
    expect(
      engineMessage({ kind: 'context-exceeded', promptTokens: 5000, contextLength: 2048 }),
    ).toEqual({
      title: 'The prompt has 5,000 tokens, more than the context of 2,048',
      advice:
        'Raise the context length in the settings and load the model again, switch off tools, or start a new conversation.',
    })
    expect(
      builtInModelMessage({ kind: 'size-mismatch', expectedBytes: 10, receivedBytes: 4 }).advice,
    ).toBe('Only 4 of 10 bytes arrived. Try again.')
    expect(
      localModelMessage({ kind: 'missing-shards', missing: ['m-00002-of-00003.gguf'], count: 3 }),
    ).toEqual({
      title: 'A part of 3 is missing: m-00002-of-00003.gguf',
      advice: 'Choose all parts of the model together.',
    })
    expect(localModelMessage({ kind: 'not-gguf', file: 'a.zip', looksLike: 'zip' })).toEqual({
      title: 'a.zip is not a GGUF file',
      advice: 'It looks like a zip archive: unpack it first. Choose a file that ends in .gguf.',
    })
  })

  it('carry the engine’s own words only when it has any', () => {
    const error = (detail: string) =>
      turnMessage({ kind: 'engine', error: { kind: 'crashed', detail } }).advice
    expect(error('')).toBe('Your conversation is safe. Load the model again and go on.')
    expect(error('abort()')).toBe(
      'Your conversation is safe. Load the model again and go on. (abort())',
    )
  })
})
