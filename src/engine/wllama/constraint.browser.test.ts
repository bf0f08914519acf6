import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom, randomParameters } from '../../core/grammar/__fixtures__/random-schema.ts'
import { buildCallGrammar } from '../../core/grammar/call-grammar.ts'
import { FORMATS } from '../../core/formats/all-formats.ts'
import type { ToolCallFormat } from '../../core/formats/format.ts'
import { parseOutput } from '../../core/formats/parsed-output.ts'
import { validateCall } from '../../core/schema/validate-call.ts'
import type { CallRules } from '../../core/tools/tool-choice.ts'
import type { Tool } from '../../core/tools/tool.ts'
import { randomGguf } from '../__fixtures__/random-gguf.ts'
import { LOAD_OPTIONS, modelFiles } from '../__fixtures__/scripted-model.ts'
import { createEngine } from '../create-engine.ts'
import type { Engine, EngineEvent } from '../engine.ts'

const SCHEMAS = 200
const MAX_TOKENS = 6000
const never = new AbortController().signal

type Answer = { readonly text: string; readonly last: EngineEvent | undefined }

describe('a model with random weights', () => {
  let engine: Engine
  beforeAll(async () => {
    const loaded = await createEngine(
      {
        engine: 'wllama',
        files: modelFiles(randomGguf(randomFrom(7))),
        options: { ...LOAD_OPTIONS, contextLength: 8192 },
      },
      () => undefined,
      never,
    )
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
    engine = loaded.value
  })
  afterAll(() => engine.unload())

  async function answer(gbnf: string, seed: number, maxTokens = MAX_TOKENS): Promise<Answer> {
    let text = ''
    let last: EngineEvent | undefined
    const request = {
      prompt: `call ${seed}\n`,
      sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, repeatPenalty: 1, seed, maxTokens },
      stop: [],
      showControlTokens: [],
      constraint: { type: 'grammar', gbnf } as const,
      alternatives: 0,
    }
    for await (const event of engine.generate(request, never)) {
      if (event.type === 'token') text += event.text
      last = event
    }
    return { text, last }
  }

  const readAnswer = (format: ToolCallFormat, text: string) =>
    parseOutput(format.createParser({ startsInReasoning: false }), text)

  it(`calls a tool that is required so that the call is valid, for ${SCHEMAS} schemas`, async () => {
    let done = 0
    for (let seed = 1; done < SCHEMAS; seed++) {
      const random = randomFrom(seed)
      const parameters = randomParameters(random, { isBounded: true })
      const tool: Tool = { name: 'f', description: '', parameters, definition: {} }
      const format = FORMATS[seed % FORMATS.length]
      if (!format) continue
      const grammar = grammarOf([tool], format, {
        choice: { type: 'required' },
        parallel: false,
        strict: true,
      })
      // What a grammar cannot say, noise breaks.
      if (grammar.unexpressed.length > 0) continue
      done += 1
      const { text, last } = await answer(grammar.gbnf, seed)
      expect([seed, text, last]).toMatchObject([seed, text, { type: 'end', reason: 'stop' }])
      const { calls } = readAnswer(format, text)
      expect([text, calls.length]).toEqual([text, 1])
      const [call] = calls
      if (call?.state.type !== 'complete')
        throw new Error(`seed ${seed}: ${call?.state.type} in ${text}`)
      const found = validateCall({ name: call.name ?? '', arguments: call.state.arguments }, [tool])
      expect([seed, text, found]).toEqual([seed, text, []])
    }
  }, 120_000)

  it('writes free text under auto, and no call under none', async () => {
    const parameters = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }
    const tool: Tool = { name: 'f', description: '', parameters, definition: {} }
    for (const format of FORMATS) {
      const rules = { parallel: true, strict: true } as const
      const auto = grammarOf([tool], format, { ...rules, choice: { type: 'auto' } })
      const none = grammarOf([tool], format, { ...rules, choice: { type: 'none' } })
      for (let seed = 1; seed <= 4; seed++) {
        const free = await answer(auto.gbnf, seed, 120)
        expect(free.text.length).toBeGreaterThan(0)
        for (const call of readAnswer(format, free.text).calls)
          expect(call.state.type).not.toBe('invalid')
        const silent = await answer(none.gbnf, seed, 120)
        expect([silent.text, readAnswer(format, silent.text).calls]).toEqual([silent.text, []])
      }
    }
  })

  it('refuses a grammar that cannot be read, with llama.cpp’s words, and stays usable', async () => {
    const { text, last } = await answer('root ::= missing\n', 1)
    expect(text).toBe('')
    expect(last).toMatchObject({ type: 'error', error: { kind: 'bad-constraint' } })
    const broken = await answer('root ::= "a', 1)
    expect(broken.last).toMatchObject({ type: 'error', error: { kind: 'bad-constraint' } })
    expect((await answer('root ::= "ab"\n', 1)).text).toBe('ab')
  })
})

function grammarOf(tools: readonly Tool[], format: ToolCallFormat, rules: CallRules) {
  const made = buildCallGrammar({
    tools,
    rules,
    syntax: format.syntax,
    markers: format.controlTokens,
    reasoning: 'none',
  })
  if ('kind' in made) throw new Error(made.kind)
  return made
}
