import type { ReasoningMarkers, ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { listCalls, listSyntax } from './list-calls.ts'

/** 3.2 announces its thoughts in words. */
const REASONING: readonly ReasoningMarkers[] = [
  { open: 'Here is my thought process:', close: 'Here is my response:' },
]

/** 3.0 wrote the marker as text, without the bars; 3.3 puts the answer after `<think>` in a tag of its own. */
const GRAMMAR: OutputGrammar = {
  containers: [
    { open: '<|tool_call|>', close: null, otherwise: 'invalid' },
    { open: '<tool_call>', close: '</tool_call>', otherwise: 'invalid' },
  ],
  readsBareJson: false,
  reasoning: REASONING,
  noise: ['<response>', '</response>'],
}

/** IBM Granite 3.0 to 3.3: one array after the marker. Granite 4 writes as Hermes does. */
export const granite: ToolCallFormat = {
  id: 'granite',
  label: 'Granite 3',
  description: 'A JSON array of calls behind <|tool_call|>.',
  example: '<|tool_call|>[{"name": "get_weather", "arguments": {"location": "London"}}]',
  detect(chatTemplate) {
    if (!chatTemplate.includes('<|start_of_role|>')) return 0
    return chatTemplate.includes('<|tool_call|>') ? 0.97 : 0
  },
  controlTokens: [
    '<|tool_call|>',
    '<tool_call>',
    '</tool_call>',
    '<think>',
    '</think>',
    '<response>',
    '</response>',
  ],
  reasoning: REASONING,
  syntax: listSyntax('<|tool_call|>', ['<|tool_call|>['], [']']),
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) => listCalls(calls, '<|tool_call|>', ''),
  instruction: `To call tools, write <|tool_call|> and a JSON array of the calls:

<|tool_call|>[{"name": "tool_name", "arguments": {"argument": "value"}}]

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
