import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../core/formats/all-formats.ts'
import { loadXGrammar } from '../../core/grammar/__fixtures__/load-xgrammar.ts'
import { createRecogniser } from '../../core/grammar/__fixtures__/recognise-gbnf.ts'
import { buildCallGrammar } from '../../core/grammar/call-grammar.ts'
import type { Tool } from '../../core/tools/tool.ts'
import { responseFormat } from './chat-request.ts'

const TOOLS: readonly Tool[] = ['get_weather', 'get_time'].map((name) => {
  const parameters = {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer' } },
    required: ['city'],
    additionalProperties: false,
  }
  return { name, description: '', parameters, definition: {} }
})
const OSLO = { name: 'get_weather', arguments: { city: 'Oslo', days: 3 } }
const ROME = { name: 'get_time', arguments: { city: 'Rome' } }

function grammarOf(syntax: (typeof FORMATS)[number]['syntax'], isParallel = true) {
  const made = buildCallGrammar({
    tools: TOOLS,
    rules: { choice: { type: 'auto' }, parallel: isParallel, strict: true },
    syntax,
    markers: [],
    reasoning: 'none',
  })
  if ('kind' in made) throw new Error(made.kind)
  return made
}

const WITH_MARKER = FORMATS.filter(({ syntax }) => grammarOf(syntax).triggered !== null)

it('most families begin their calls with a marker', () => {
  expect(WITH_MARKER.length).toBeGreaterThan(15)
})

describe.each(WITH_MARKER.map((format) => [format.id, format] as const))(
  'the structural tag of %s',
  (_id, format) => {
    const { Grammar, Testings } = loadXGrammar()

    it('takes and refuses what the whole grammar does', { timeout: 60_000 }, async () => {
      for (const isParallel of [true, false]) {
        const { gbnf, triggered } = grammarOf(format.syntax, isParallel)
        const { type, structural_tag: tag } = responseFormat({ type: 'grammar', gbnf, triggered })
        expect(type).toBe('structural_tag')
        const grammar = await Grammar.fromStructuralTag(tag ?? '')
        const recogniser = createRecogniser(gbnf)
        const one = format.render([OSLO])
        const texts = [
          '',
          'No call, [1] {2} <b>.',
          one,
          `Let me look.\n${one}`,
          format.render([OSLO, ROME]),
          format.render([{ ...OSLO, name: 'unknown' }]),
          format.render([{ ...OSLO, arguments: { days: 3 } }]),
          format.render([{ ...OSLO, arguments: { city: 'Oslo', country: 'Norway' } }]),
          one.slice(0, -1),
          `${one} And more.`,
          format.syntax.trigger,
        ]
        for (const text of texts) {
          expect([text, await Testings.isGrammarAcceptString(grammar, text)]).toEqual([
            text,
            recogniser.accepts(text),
          ])
        }
      }
    })
  },
)

it('reasoning and forced calls keep to the grammar alone', () => {
  const { gbnf } = grammarOf(FORMATS[0]?.syntax ?? fail())
  expect(responseFormat({ type: 'grammar', gbnf })).toEqual({ type: 'grammar', grammar: gbnf })
})

function fail(): never {
  throw new Error('no format')
}
