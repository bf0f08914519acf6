import { describe, expect, it } from 'vitest'
import { hermes } from '../formats/hermes.ts'
import { spacedJson } from '../formats/spaced-json.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { validateCall } from '../schema/validate-call.ts'
import type { Tool } from '../tools/tool.ts'
import { randomFrom, randomParameters, randomValue } from './__fixtures__/random-schema.ts'
import { createRecogniser } from './__fixtures__/recognise-gbnf.ts'
import { buildCallGrammar, type CallGrammar, type CallGrammarInput } from './call-grammar.ts'

function toolOf(parameters: JsonObject, name = 'f'): Tool {
  return { name, description: '', parameters, definition: { name, parameters } }
}

function grammarOf(tools: readonly Tool[], change: Partial<CallGrammarInput> = {}): CallGrammar {
  const grammar = buildCallGrammar({
    tools,
    rules: { choice: { type: 'required' }, parallel: false, strict: true },
    syntax: hermes.syntax,
    markers: hermes.controlTokens,
    reasoning: 'none',
    ...change,
  })
  if ('kind' in grammar) throw new Error(grammar.kind)
  return grammar
}

const callOf = (args: JsonValue) => hermes.render([{ name: 'f', arguments: args }])

/**
 * What the validator says: null where it makes no claim, that is where it left out a pattern that may take too long, or only warns
 * of a key that the tool does not know.
 */
function isValid(tool: Tool, args: JsonValue): boolean | null {
  const issues = validateCall({ name: 'f', arguments: args }, [tool])
  if (issues.some(({ severity }) => severity === 'error')) return false
  return issues.length === 0 ? true : null
}

describe('a grammar for the arguments', { timeout: 60_000 }, () => {
  const SCHEMAS = 200
  it(`accepts exactly what the validator accepts, on ${SCHEMAS} schemas`, () => {
    const counts = { accepted: 0, refused: 0, exact: 0 }
    for (let seed = 1; seed <= SCHEMAS; seed++) {
      const random = randomFrom(seed)
      const parameters = randomParameters(random, { isBounded: false })
      const tool = toolOf(parameters)
      const grammar = grammarOf([tool])
      const recogniser = createRecogniser(grammar.gbnf)
      const effects = new Set(grammar.unexpressed.map(({ effect }) => effect))
      if (effects.size === 0) counts.exact++
      for (let round = 0; round < 12; round++) {
        const value = randomValue(random, { schema: parameters, root: parameters })
        const valid = isValid(tool, value)
        if (valid === null) continue
        const accepted = recogniser.accepts(callOf(value))
        if (valid) counts.accepted++
        else counts.refused++
        if (valid === accepted) continue
        const isAllowed = accepted ? effects.has('looser') : effects.has('narrower')
        if (!isAllowed)
          throw new Error(
            `seed ${seed}: ${accepted ? 'accepts' : 'refuses'} ${spacedJson(value)}\n${JSON.stringify(parameters)}\n${JSON.stringify(validateCall({ name: 'f', arguments: value }, [tool]))}\n${JSON.stringify(grammar.unexpressed)}\n${grammar.gbnf}`,
          )
      }
    }
    expect(counts.accepted).toBeGreaterThan(SCHEMAS * 3)
    expect(counts.refused).toBeGreaterThan(SCHEMAS * 3)
    expect(counts.exact).toBeGreaterThan(SCHEMAS / 2)
  })
})
