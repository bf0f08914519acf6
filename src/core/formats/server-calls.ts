import type { ToolCallFormat } from './format.ts'
import { createOutputParser } from './output-parser.ts'
import type { OutputGrammar } from './output-state.ts'
import { spacedJson } from './spaced-json.ts'

/** Around a call that came as data, not as text: see `createServerWriter`. */
export const SERVER_CALL_OPEN = '<|server_call|>'
export const SERVER_CALL_CLOSE = '<|/server_call|>'

const GRAMMAR: OutputGrammar = {
  containers: [{ open: SERVER_CALL_OPEN, close: SERVER_CALL_CLOSE, otherwise: 'invalid' }],
  readsBareJson: false,
}

/**
 * Calls that a server found with its own parser and sent as data (`tool_calls`): no model writes this.
 *
 * It is how they are kept in an answer's text, with the server's characters of the arguments, so that the rest of the app
 * treats them like any others.
 */
export const serverCalls: ToolCallFormat = {
  id: 'server',
  label: 'The server’s own',
  description: 'The server reads the calls with its own parser and sends them as data.',
  example: `${SERVER_CALL_OPEN}{"name": "get_weather", "arguments": {"location": "London"}}${SERVER_CALL_CLOSE}`,
  detect: () => 0,
  controlTokens: [],
  syntax: {
    trigger: SERVER_CALL_OPEN,
    triggerAtStart: false,
    open: [],
    call: {
      before: [`${SERVER_CALL_OPEN}{"name": "`],
      between: ['", "arguments": '],
      after: [`}${SERVER_CALL_CLOSE}`],
    },
    separator: ['\n'],
    close: [],
    notation: { type: 'json' },
  },
  createParser: (options) => createOutputParser(GRAMMAR, options),
  render: (calls) =>
    calls
      .map((call) => spacedJson({ name: call.name, arguments: call.arguments }))
      .map((json) => `${SERVER_CALL_OPEN}${json}${SERVER_CALL_CLOSE}`)
      .join('\n'),
  instruction: '',
}
