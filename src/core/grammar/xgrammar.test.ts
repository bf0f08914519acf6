import { describe, expect, it } from 'vitest'
import { xlam } from '../formats/xlam.ts'
import { PRESETS } from '../tools/presets/all-presets.ts'
import { readTools } from '../tools/read-tools.ts'
import type { Tool } from '../tools/tool.ts'
import { loadXGrammar } from './__fixtures__/load-xgrammar.ts'
import { createRecogniser } from './__fixtures__/recognise-gbnf.ts'
import { randomFrom, randomParameters, randomValue } from './__fixtures__/random-schema.ts'
import { buildCallGrammar } from './call-grammar.ts'

const TOOLS: readonly Tool[] = PRESETS.flatMap(({ tools }) =>
  tools.flatMap(({ definition }) =>
    readTools(JSON.stringify(definition), null).tools.map(({ tool }) => tool),
  ),
)

describe('xgrammar', { timeout: 60_000 }, () => {
  const { Grammar, Testings } = loadXGrammar()

  async function load(gbnf: string): Promise<(text: string) => Promise<boolean>> {
    const grammar = await Grammar.fromEBNF(gbnf)
    return (text) => Testings.isGrammarAcceptString(grammar, text)
  }

  function grammarFor(tools: readonly Tool[], type: 'auto' | 'required' | 'none'): string {
    const made = buildCallGrammar({
      tools,
      rules: { choice: { type }, parallel: true, strict: true },
      syntax: xlam.syntax,
      markers: xlam.controlTokens,
      reasoning: 'possible',
    })
    if ('kind' in made) throw new Error(made.kind)
    return made.gbnf
  }

  it('reads the grammars of all presets as llama.cpp does', async () => {
    for (const type of ['auto', 'required', 'none'] as const) {
      const gbnf = grammarFor(TOOLS, type)
      const accepts = await load(gbnf)
      const recogniser = createRecogniser(gbnf)
      for (const text of TEXTS) {
        expect([type, text, await accepts(text)]).toEqual([type, text, recogniser.accepts(text)])
      }
    }
  })

  it('agrees on random schemas', async () => {
    for (let seed = 1000; seed < 1040; seed++) {
      const random = randomFrom(seed)
      const parameters = randomParameters(random, { isBounded: false })
      const gbnf = grammarFor(
        [{ name: 'f', description: '', parameters, definition: {} }],
        'required',
      )
      const accepts = await load(gbnf)
      const recogniser = createRecogniser(gbnf)
      for (let round = 0; round < 6; round++) {
        const text = xlam.render([
          { name: 'f', arguments: randomValue(random, { schema: parameters, root: parameters }) },
        ])
        expect([seed, text, await accepts(text)]).toEqual([seed, text, recogniser.accepts(text)])
      }
    }
  })
})

const TEXTS: readonly string[] = [
  '',
  'Hello.',
  '[]',
  '[1] A note',
  'See [1].',
  '<think>hm</think>\n\n[{"name": "get_weather", "arguments": {"location": "Oslo"}}]',
  '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]',
  '[{"name": "get_weather", "arguments": {}}]',
  '[{"name": "nothing", "arguments": {}}]',
  'Sure: [{"name": "get_weather", "arguments": {"location": "É 😀 \\n \\u00e9"}}]',
]
