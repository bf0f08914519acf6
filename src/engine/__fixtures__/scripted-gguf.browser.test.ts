import { describe, expect, it } from 'vitest'
import { scriptedGguf, type ScriptPiece } from '../../../e2e/fixtures/scripted-gguf.ts'
import { collect, requestFor, textOf } from './engine-contract.ts'
import { openScripted } from './scripted-model.ts'

const never = new AbortController().signal

async function answer(script: readonly ScriptPiece[], prompt = 'Hi\n'): Promise<string> {
  const engine = await openScripted({
    script,
    otherAnswers: [{ after: ' ', script: ['the', ' other'] }],
  })
  const text = textOf(await collect(engine.generate(requestFor(prompt), never)))
  await engine.unload()
  return text
}

describe('scriptedGguf', () => {
  it('says a script that repeats itself', async () => {
    const scripts: readonly (readonly string[])[] = [
      ['a', 'a', 'a', 'a'],
      ['\n', 'a', '\n', '\n', 'b'],
      ['<tool_call>', '\n{}\n', '</tool_call>', '\n', '<tool_call>', '\n{}\n', '</tool_call>'],
      ['', 'th', 'th', 'é', '日本', '日本', ''],
    ]
    for (const script of scripts) expect(await answer(script)).toBe(script.join(''))
  })

  it('has another answer after another last character', async () => {
    expect(await answer(['one'], 'Hi ')).toBe('the other')
  })

  it('refuses what it cannot say', () => {
    expect(() => scriptedGguf({ script: ['\n'] })).toThrow('repeats')
    const control = { control: '<|x|>' }
    expect(() => scriptedGguf({ script: [control, 'a', control] })).toThrow('<|x|>')
  })
})
