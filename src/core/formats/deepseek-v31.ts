import { DEEPSEEK_TOKENS, deepseekGrammar } from './deepseek-grammar.ts'
import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import { spacedJson } from './spaced-json.ts'

const GRAMMAR = deepseekGrammar('<｜tool▁sep｜>')
const BEFORE = '<｜tool▁call▁begin｜>'
const BETWEEN = '<｜tool▁sep｜>'
const AFTER = '<｜tool▁call▁end｜>'

/** DeepSeek V3.1: name, separator, arguments. */
export const deepseekV31: ToolCallFormat = {
  id: 'deepseek-v31',
  label: 'DeepSeek V3.1',
  description: 'Each call between its own markers, the name and the arguments apart.',
  example:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"location": "London"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  detect(chatTemplate) {
    if (!chatTemplate.includes('tool▁sep')) return 0
    return chatTemplate.includes('```json') ? 0 : 0.95
  },
  controlTokens: DEEPSEEK_TOKENS,
  syntax: {
    trigger: '<｜tool▁calls▁begin｜>',
    triggerAtStart: false,
    open: ['<｜tool▁calls▁begin｜>'],
    call: { before: [BEFORE], between: [BETWEEN], after: [AFTER] },
    separator: [],
    close: ['<｜tool▁calls▁end｜>'],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render(calls) {
    if (calls.length === 0) return ''
    const written = calls.map(
      (call) => BEFORE + call.name + BETWEEN + spacedJson(call.arguments) + AFTER,
    )
    return `<｜tool▁calls▁begin｜>${written.join('')}<｜tool▁calls▁end｜>`
  },
  instruction: `To call tools, write the calls in exactly this form, one after the other:

<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tool_name<｜tool▁sep｜>{"argument": "value"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
