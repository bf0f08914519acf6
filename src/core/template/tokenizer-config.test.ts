import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTokenizerConfig } from './tokenizer-config.ts'

describe('readTokenizerConfig', () => {
  it('reads a template and tokens as texts', () => {
    const text = JSON.stringify({
      chat_template: '{{ x }}',
      bos_token: null,
      eos_token: '<|im_end|>',
    })
    expect(readTokenizerConfig(text)).toEqual({
      chatTemplate: '{{ x }}',
      bosToken: '',
      eosToken: '<|im_end|>',
    })
  })

  it('takes the template for tools out of several, and the text of an added token', () => {
    const chat_template = [
      { name: 'default', template: 'plain' },
      { name: 'tool_use', template: 'tools' },
    ]
    const text = JSON.stringify({ chat_template, bos_token: { content: '<s>', lstrip: false } })
    expect(readTokenizerConfig(text)).toMatchObject({ chatTemplate: 'tools', bosToken: '<s>' })
    const one = JSON.stringify({ chat_template: chat_template.slice(0, 1) })
    expect(readTokenizerConfig(one)).toMatchObject({ chatTemplate: 'plain' })
  })

  it('never throws, whatever stands there', () => {
    expect(readTokenizerConfig('no JSON')).toBeNull()
    fc.assert(fc.property(fc.json(), (text) => void readTokenizerConfig(text)))
  })
})
