import { nameBy } from './call-head.ts'
import type { OutputGrammar } from './output-state.ts'

export const DEEPSEEK_TOKENS: readonly string[] = [
  '<｜tool▁calls▁begin｜>',
  '<｜tool▁call▁begin｜>',
  '<｜tool▁sep｜>',
  '<｜tool▁call▁end｜>',
  '<｜tool▁calls▁end｜>',
  '<think>',
  '</think>',
]

/** How V3 and V3.1 write a head; either is understood, as one model at times writes what the other was taught. */
const HEAD_PATTERN =
  /^(<｜tool▁call▁begin｜>\s*(?:function\s*<｜tool▁sep｜>(?=\s*[^\s`<]))?\s*)([^\s`<]+)\s*(?:<｜tool▁sep｜>)?\s*(?:```(?:json)?)?\s*$/

/** A grammar whose heads end with `headEnd`. */
export function deepseekGrammar(headEnd: string): OutputGrammar {
  return {
    containers: [
      {
        open: '<｜tool▁call▁begin｜>',
        close: '<｜tool▁call▁end｜>',
        otherwise: 'invalid',
        head: {
          ends: [headEnd],
          expected: `a name and "${headEnd}"`,
          read: nameBy(HEAD_PATTERN),
        },
        filler: ['```'],
      },
    ],
    readsBareJson: false,
    noise: ['<｜tool▁calls▁begin｜>', '<｜tool▁calls▁end｜>'],
  }
}
