import { describe, expect, it } from 'vitest'

import { formatToolText, prettifyToolText } from './format-tool-text.ts'
import { splitDefinitions } from './split-definitions.ts'

describe('splitDefinitions', () => {
  const one = { z: 1, name: 'one', a: { c: 1, b: 2 } }
  const two = { type: 'function', function: { name: 'two' } }

  it.each<[string, unknown, readonly unknown[]]>([
    ['a definition', one, [one]],
    ['an array', [one, two], [one, two]],
    ['the tools of a request', { model: 'm', tools: [one, two] }, [one, two]],
    ['the functions of a request', { functions: [one] }, [one]],
    ['a tool that has a key `tools`', { name: 'x', tools: [] }, [{ name: 'x', tools: [] }]],
  ])('%s', (_, value, expected) => {
    expect(splitDefinitions(JSON.stringify(value))).toEqual(
      expected.map((item) => JSON.stringify(item, null, 2)),
    )
  })

  it.each(['', '[', '[]', '{"tools": []}', '5', 'null', '"name"'])('%j holds none', (text) => {
    expect(splitDefinitions(text)).toBeNull()
  })
})

describe('prettifyToolText', () => {
  it('keeps the order of keys and is stable', () => {
    const pretty = formatToolText({ b: 1, a: [1] })
    expect(pretty).toBe('{\n  "b": 1,\n  "a": [\n    1\n  ]\n}')
    expect(prettifyToolText(pretty)).toBe(pretty)
  })

  it('leaves text that is no JSON alone', () => {
    expect(prettifyToolText('{a: 1}')).toBeNull()
  })
})
