import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { spacedJson } from './spaced-json.ts'

/** JSON outside the tags is text here: these models answer with JSON when they are asked for it. */
const GRAMMAR: OutputGrammar = {
  containers: [{ open: '<tool_call>', close: '</tool_call>', otherwise: 'invalid' }],
  readsBareJson: false,
}

/** Nous Hermes 2 Pro and later, Qwen2.5, Qwen3, Granite 4, SmolLM3: one `<tool_call>` per call, text around them. */
export const hermes: ToolCallFormat = {
  id: 'hermes',
  label: 'Hermes / Qwen',
  description: 'Each call is a JSON object in its own <tool_call> tag.',
  example:
    '<tool_call>\n{"name": "get_weather", "arguments": {"location": "London"}}\n</tool_call>',
  detect(chatTemplate) {
    if (!chatTemplate.includes('<tool_call>')) return 0
    // Qwen3-Coder has the same tag around XML, which this format does not read.
    return chatTemplate.includes('<function=') ? 0.3 : 0.95
  },
  controlTokens: ['<tool_call>', '</tool_call>', '<think>', '</think>'],
  syntax: {
    trigger: '<tool_call>',
    triggerAtStart: false,
    open: [],
    call: {
      before: ['<tool_call>\n{"name": "'],
      between: ['", "arguments": '],
      after: ['}\n</tool_call>'],
    },
    separator: ['\n'],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls
      .map((call) => spacedJson({ name: call.name, arguments: call.arguments }))
      .map((json) => `<tool_call>\n${json}\n</tool_call>`)
      .join('\n'),
  instruction: `For each tool call, return a JSON object with the tool's name and its arguments within <tool_call></tool_call> tags:

<tool_call>
{"name": "tool_name", "arguments": {"argument": "value"}}
</tool_call>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
