import { describe, expect, it } from 'vitest'
import { loadXGrammar } from './__fixtures__/xgrammar.ts'

const { Grammar, Testings } = loadXGrammar()

/** An array of calls as xLAM-2 writes them, for one tool, in the part of GBNF that both engines read. */
const XLAM = String.raw`
root ::= "[" ws call (ws "," ws call)* ws "]"
call ::= "{" ws "\"name\"" ws ":" ws "\"get_weather\"" ws "," ws "\"arguments\"" ws ":" ws arguments ws "}"
arguments ::= "{" ws "\"city\"" ws ":" ws string (ws "," ws "\"unit\"" ws ":" ws unit)? ws "}"
unit ::= "\"celsius\"" | "\"fahrenheit\""
string ::= "\"" ([^"\\\x00-\x1f] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F]))* "\""
ws ::= [ \n\t]*
`

async function accepts(text: string): Promise<boolean> {
  const grammar = await Grammar.fromEBNF(XLAM)
  return Testings.isGrammarAcceptString(grammar, text)
}

describe('xgrammar reads our GBNF as EBNF', () => {
  it.each([
    '[{"name": "get_weather", "arguments": {"city": "Paris"}}]',
    '[{"name":"get_weather","arguments":{"city":"São \\"Paulo\\"","unit":"celsius"}}]',
    '[{"name": "get_weather", "arguments": {"city": "A"}}, {"name": "get_weather", "arguments": {"city": "B"}}]',
  ])('and accepts %s', async (text) => {
    expect(await accepts(text)).toBe(true)
  })

  it.each([
    '[]',
    'Paris is warm.',
    '[{"name": "send_mail", "arguments": {"city": "Paris"}}]',
    '[{"name": "get_weather", "arguments": {}}]',
    '[{"name": "get_weather", "arguments": {"city": "Paris", "unit": "kelvin"}}]',
    '[{"name": "get_weather", "arguments": {"city": "Paris"}}',
  ])('and refuses %s', async (text) => {
    expect(await accepts(text)).toBe(false)
  })

  it('and throws on a grammar that cannot be read', async () => {
    await expect(Grammar.fromEBNF('root ::= missing-rule')).rejects.toThrow()
  })
})
