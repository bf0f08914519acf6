import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { partsOf, eventsOf } from './__fixtures__/read-output.ts'
import { detectFormat, FORMATS, formatById } from './all-formats.ts'

const template = (name: string) =>
  readFileSync(new URL(`../template/__fixtures__/${name}`, import.meta.url), 'utf8')

describe('detectFormat', () => {
  it.each([
    ['xlam-qwen.jinja', 'xlam'],
    ['xlam-qwen-vllm.jinja', 'xlam'],
    ['xlam-llama.jinja', 'xlam'],
    ['hermes.jinja', 'hermes'],
    ['llama-3.2.jinja', 'llama-json'],
  ])('%s is %s', (name, id) => {
    const { format, certain } = detectFormat(template(name))
    expect([format.id, certain]).toEqual([id, true])
  })

  it('the template of the built-in model is xlam', () => {
    const { format, certain } = detectFormat(builtInTemplate())
    expect([format.id, certain]).toEqual(['xlam', true])
  })

  it('Qwen3-Coder has the tag but not the format', () => {
    const source = '<tool_call>\\n<function=example>\\n<parameter=x>'
    expect(detectFormat(source).certain).toBe(false)
  })

  it.each([null, '', "{% for message in messages %}{{ message.content }}{{ '[' }}{% endfor %}"])(
    '%j leaves it open',
    (source) => {
      expect(detectFormat(source)).toEqual({ format: formatById('xlam'), certain: false })
    },
  )
})

it.each(FORMATS)('the example of $id is a call of that format', (format) => {
  const events = eventsOf(format.id, [format.example])
  expect(partsOf(events, format.example)).toEqual([
    { call: 'get_weather', arguments: { location: 'London' } },
  ])
  expect(formatById(format.id)).toBe(format)
})

it.each(FORMATS)('no calls, rendered by $id, are no calls and no text', (format) => {
  expect(eventsOf(format.id, [format.render([])])).toEqual([])
})

/** The value of `tokenizer.chat_template`: a key, a 4-byte type, an 8-byte length, the text. */
function builtInTemplate(): string {
  const file = readFileSync('public/models/callground-nano.gguf')
  const key = 'tokenizer.chat_template'
  const lengthAt = file.indexOf(key) + key.length + 4
  const start = lengthAt + 8
  return file.toString('utf8', start, start + Number(file.readBigUInt64LE(lengthAt)))
}
