import type { ReasoningMarkers, ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { nameBy, type CallHead } from './call-head.ts'
import { spacedJson } from './spaced-json.ts'

/** A message ends with one of these, whatever it was; what the next one is says its channel. */
const REASONING: readonly ReasoningMarkers[] = [
  { open: null, close: '<|end|>' },
  { open: null, close: '<|call|>' },
  { open: null, close: '<|return|>' },
]

/** Recipient and channel may come in either order, in the header of the role or of the channel. */
const HEAD: CallHead = {
  ends: ['<|message|>'],
  expected: 'a channel and "<|message|>"',
  read(head) {
    if (head.includes('to=')) return readRecipient(head)
    return { type: /\banalysis\b/.test(head) ? 'reasoning' : 'text' }
  },
}
const readRecipient = nameBy(/^(.*?to=(?:functions\.)?)([^\s<]+)/)

const GRAMMAR: OutputGrammar = {
  containers: [
    { open: '<|channel|>', close: null, otherwise: 'invalid', head: HEAD, endsReasoning: true },
    { open: '<|start|>', close: null, otherwise: 'invalid', head: HEAD, endsReasoning: true },
    // The prompt ends with the role, which the recipient may follow.
    { open: 'to=', close: null, otherwise: 'invalid', head: HEAD, isOnlyFirst: true },
  ],
  readsBareJson: false,
  reasoning: REASONING,
}

/** OpenAI gpt-oss (Harmony): the channel says whether a message is thought, answer or call, and its recipient which tool. */
export const gptOss: ToolCallFormat = {
  id: 'gpt-oss',
  label: 'gpt-oss (Harmony)',
  description:
    'A message to functions.name on the commentary channel; analysis is reasoning, final is the answer.',
  example:
    '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"location": "London"}<|call|>',
  detect: (chatTemplate) =>
    chatTemplate.includes('<|channel|>') && chatTemplate.includes('<|message|>') ? 0.98 : 0,
  controlTokens: [
    '<|start|>',
    '<|end|>',
    '<|message|>',
    '<|channel|>',
    '<|constrain|>',
    '<|call|>',
    '<|return|>',
  ],
  reasoning: REASONING,
  syntax: {
    trigger: '<|channel|>commentary to=functions.',
    triggerAtStart: false,
    open: [],
    call: {
      before: ['<|channel|>commentary to=functions.'],
      between: [' <|constrain|>json<|message|>'],
      // `<|call|>` ends the generation, so the engine never prints it.
      after: [],
    },
    separator: null,
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls
      .map(
        (call) =>
          `<|channel|>commentary to=functions.${call.name} <|constrain|>json<|message|>${spacedJson(call.arguments)}<|call|>`,
      )
      .join('<|start|>assistant'),
  instruction: `To call a tool, write a message to it on the commentary channel, with its arguments as JSON:

<|channel|>commentary to=functions.tool_name <|constrain|>json<|message|>{"argument": "value"}<|call|>

If no tool fits, or a required argument is missing, answer in plain text instead.`,
}
