import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'

import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import { remember } from '../lib/remember.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { Tool, ToolShape } from '../tools/tool.ts'
import type { ChatTemplate, RenderInput, TemplateError, TemplateMessage } from './chat-template.ts'
import { strftime } from './strftime.ts'

/** As in Jinja's own sandbox: a template from an unknown file must not fill the memory. */
const MAX_RANGE_LENGTH = 100_000

/** Thrown by `raise_exception`, to tell a refusal by the model's authors from a failure. */
export class TemplateRefusal extends Error {}

/**
 * Compiles a chat template with the helpers that `transformers` gives to templates.
 *
 * `tools` is `null` without tools, `documents` always; string `arguments` that hold a JSON object are parsed first.
 * `tojson` is the library's, which prints what Python's `json.dumps(ensure_ascii=False)` does: `", "` and `": "`,
 * insertion order, `indent=4`, no HTML escaping. What differs cannot be seen from JavaScript numbers and objects:
 * `1.0` prints as `1`, `1e-7` as `1e-7` (Python: `1e-07`), and keys that look like array indices come first.
 * A missing variable prints nothing, and `tojson` prints it as `null`, where Python would fail.
 */
export function compileTemplate(source: string): Result<ChatTemplate, TemplateError> {
  return compiled(source)
}

/** The model's own, the fallback's two, and a few that are being edited. */
export const KEPT_PROGRAMS = 6

const compiled = remember((source): Result<ChatTemplate, TemplateError> => {
  const program = parseTemplate(source)
  if (!program.ok) return program
  return ok({
    source,
    render: (input) => runTemplate(program.value, environmentFor(input).environment),
  })
}, KEPT_PROGRAMS)

export type TemplateProgram = ReturnType<typeof parse>

/** The syntax tree, a new one each time. */
export function parseTemplate(source: string): Result<TemplateProgram, TemplateError> {
  try {
    return ok(parse(tokenize(source, { trim_blocks: true, lstrip_blocks: true })))
  } catch (error) {
    return err({ kind: 'template-syntax', message: messageOf(error) })
  }
}

/** Tools in the shape that a template is to print. */
export function shapeTools(tools: readonly Tool[], shape: ToolShape): readonly JsonObject[] {
  return tools.map(({ definition }) =>
    shape === 'bare' ? definition : { type: 'function', function: definition },
  )
}

/** Runs a program in an environment made for this one run. */
export function runTemplate(
  program: TemplateProgram,
  environment: Environment,
): Result<string, TemplateError> {
  try {
    const rendered = new Interpreter(environment).run(program).value
    return ok(typeof rendered === 'string' ? rendered : '')
  } catch (error) {
    const kind = error instanceof TemplateRefusal ? 'template-refused' : 'template-failed'
    return err({ kind, message: messageOf(error) })
  }
}

/**
 * What a template can name. The library's own set-up is not used: it reads the clock of the machine and does not allow
 * that to be replaced. Also returns messages and tools as the library holds them.
 */
export function environmentFor(input: RenderInput): {
  readonly environment: Environment
  readonly messages: unknown
  readonly tools: unknown
} {
  const environment = new Environment()
  const values: { readonly [name: string]: unknown } = {
    ...input.variables,
    true: true,
    True: true,
    false: false,
    False: false,
    none: null,
    None: null,
    range,
    raise_exception: (message: unknown) => {
      throw new TemplateRefusal(String(message))
    },
    strftime_now: (format: unknown) => strftime(input.nowMs, String(format)),
    documents: null,
    add_generation_prompt: input.addGenerationPrompt,
    bos_token: input.bosToken,
    eos_token: input.eosToken,
  }
  for (const [name, value] of Object.entries(values)) {
    // `namespace` is there already, and a variable of that name may not replace it.
    if (!RESERVED.has(name)) environment.set(name, value)
  }
  const tools = input.tools.length === 0 ? null : shapeTools(input.tools, input.toolShape)
  return {
    environment,
    messages: environment.set('messages', input.messages.map(forTemplate)),
    tools: environment.set('tools', tools),
  }
}

const RESERVED: ReadonlySet<string> = new Set(['namespace', 'messages', 'tools'])

function range(first: number, second?: number, step = 1): readonly number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second]
  const length = Math.max(0, Math.ceil((stop - start) / step))
  if (!(length <= MAX_RANGE_LENGTH)) throw new Error(`range() may not have ${length} elements`)
  return Array.from({ length }, (_, index) => start + index * step)
}

/** Models never saw arguments as a quoted string in training, though OpenAI's API writes them so. */
function forTemplate(message: TemplateMessage): JsonObject {
  const fields = Object.entries(message).filter(([name]) => name !== 'origin')
  const plain = Object.fromEntries(fields) as JsonObject
  if (message.role !== 'assistant' || !message.tool_calls) return plain
  const calls = message.tool_calls.map((call) => ({
    ...call,
    function: { ...call.function, arguments: objectOf(call.function.arguments) },
  }))
  return { ...plain, tool_calls: calls }
}

function objectOf(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  try {
    const parsed: unknown = JSON.parse(value)
    return isJsonObject(parsed) ? parsed : value
  } catch {
    // No JSON at all: the template prints the text that the model wrote.
    return value
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || 'the template gave no reason'
}
