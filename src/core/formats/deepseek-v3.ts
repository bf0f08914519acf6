import { DEEPSEEK_TOKENS, deepseekGrammar } from './deepseek-grammar.ts'
import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import { spacedJson } from './spaced-json.ts'

const GRAMMAR = deepseekGrammar('```json')
const BEFORE = '<｜tool▁call▁begin｜>function<｜tool▁sep｜>'
const BETWEEN = '\n```json\n'
const AFTER = '\n```<｜tool▁call▁end｜>'

/** DeepSeek V3, R1 and its distillations: arguments in a code fence. */
export const deepseekV3: ToolCallFormat = {
  id: 'deepseek-v3',
  label: 'DeepSeek V3 / R1',
  description: 'Each call between its own markers, the arguments in a JSON fence.',
  example:
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{"location": "London"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
  detect(chatTemplate) {
    if (!chatTemplate.includes('tool▁sep')) return 0
    return chatTemplate.includes('```json') ? 0.95 : 0
  },
  controlTokens: DEEPSEEK_TOKENS,
  syntax: {
    trigger: '<｜tool▁calls▁begin｜>',
    triggerAtStart: false,
    open: ['<｜tool▁calls▁begin｜>'],
    call: { before: [BEFORE], between: [BETWEEN], after: [AFTER] },
    separator: ['\n'],
    close: ['<｜tool▁calls▁end｜>'],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render(calls) {
    if (calls.length === 0) return ''
    const written = calls.map(
      (call) => BEFORE + call.name + BETWEEN + spacedJson(call.arguments) + AFTER,
    )
    return `<｜tool▁calls▁begin｜>${written.join('\n')}<｜tool▁calls▁end｜>`
  },
  instruction: `To call tools, write the calls in exactly this form, one after the other:

<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>tool_name
\`\`\`json
{"argument": "value"}
\`\`\`<｜tool▁call▁end｜><｜tool▁calls▁end｜>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
