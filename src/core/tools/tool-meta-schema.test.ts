import { getLanguageService, TextDocument, type JSONSchema } from 'vscode-json-languageservice'
import { describe, expect, it } from 'vitest'

import { PRESETS } from './presets/all-presets.ts'
import { TOOL_META_SCHEMA } from './tool-meta-schema.ts'

const service = getLanguageService({ promiseConstructor: Promise })
service.configure({
  validate: true,
  schemas: [{ uri: 'tool:schema', fileMatch: ['*'], schema: TOOL_META_SCHEMA as JSONSchema }],
})

function open(text: string) {
  const document = TextDocument.create('tool:text.json', 'json', 0, text)
  return { document, json: service.parseJSONDocument(document) }
}

/** Completions where `|` stands. */
async function complete(marked: string): Promise<readonly string[]> {
  const at = marked.indexOf('|')
  const { document, json } = open(marked.replace('|', ''))
  const list = await service.doComplete(document, document.positionAt(at), json)
  return (list?.items ?? []).map(({ label }) => label)
}

async function problems(text: string): Promise<readonly string[]> {
  const { document, json } = open(text)
  return (await service.doValidation(document, json)).map(({ message }) => JSON.stringify(message))
}

describe('TOOL_META_SCHEMA', () => {
  it.each<[string, string, readonly string[]]>([
    ['a whole tool', '|', ['Tool', 'Tool (OpenAI)', 'Tool (Anthropic)']],
    [
      'keys of a definition',
      '{|}',
      ['name', 'description', 'parameters', 'input_schema', 'inputSchema', 'function'],
    ],
    ['keys in an array', '[{|}]', ['name', 'parameters']],
    ['keys inside of function', '{"type":"function","function":{|}}', ['name', 'parameters']],
    ['the type of parameters', '{"parameters": {"type": |}}', ['"object"']],
    ['keywords', '{"parameters": {|}}', ['type', 'properties', 'required', '$defs']],
    [
      'types',
      '{"parameters": {"properties": {"a": {"type": |}}}}',
      ['"string"', '"integer"', '"array"'],
    ],
    [
      'types in the Anthropic notation',
      '{"input_schema": {"properties": {"a": {"type": |}}}}',
      ['"string"'],
    ],
    [
      'formats, deep down',
      '{"function": {"parameters": {"properties": {"a": {"items": {"format": |}}}}}}',
      ['"date"', '"email"'],
    ],
  ])('completes %s', async (_, text, expected) => {
    expect(await complete(text)).toEqual(expect.arrayContaining([...expected]))
  })

  it('explains a keyword', async () => {
    const { document, json } = open('{"parameters": {"required": ["a"]}}')
    const hover = await service.doHover(document, document.positionAt(20), json)
    expect(JSON.stringify(hover?.contents)).toContain('may not be left out')
  })

  it('has nothing against any preset, in any form', async () => {
    const definitions = PRESETS.flatMap(({ tools }) => tools.map(({ definition }) => definition))
    expect(await problems(JSON.stringify(definitions))).toEqual([])
    const wrapped = definitions.map((definition) => ({ type: 'function', function: definition }))
    expect(await problems(JSON.stringify({ tools: wrapped }))).toEqual([])
  })

  it('underlines a wrong value', async () => {
    expect(
      await problems('{"parameters": {"properties": {"a": {"minLength": "x"}}}}'),
    ).toHaveLength(1)
  })
})
