import { parse, tokenize } from '@huggingface/jinja'
import type { JsonObject } from '../lib/json.ts'
import { remember } from '../lib/remember.ts'
import { ok, type Result } from '../lib/result.ts'
import type { Tool } from '../tools/tool.ts'
import type { ChatTemplate, RenderInput, TemplateError, TemplateMessage } from './chat-template.ts'
import {
  environmentFor,
  KEPT_PROGRAMS,
  parseTemplate,
  runTemplate,
  type TemplateProgram,
} from './jinja-template.ts'
import type { PromptPart } from './prompt-part.ts'
import type { TraceMarks } from './trace-marks.ts'

/** What is marked: less of it disturbs a template less. */
export type TraceLevel = {
  /** Statements of the template, either all or only those whose text is printed and not kept in a variable. */
  readonly statements: 'all' | 'printed'
  /** The texts that are given to the template. */
  readonly texts: 'all' | 'tools' | 'none'
}

/** A statement of the library's syntax tree, as far as it matters here: blocks, and what they bind. */
type Statement = {
  readonly type: string
  body?: Statement[]
  alternate?: Statement[]
  defaultBlock?: Statement[]
  readonly loopvar?: Named
  readonly assignee?: Named
}

type Named = { readonly type: string; readonly value?: unknown }

/**
 * Compiles a template that prints marks between its text: which statement prints, for which message, tool or call the
 * loop is at, and where a given text begins and ends. `readMarks` takes them out again.
 *
 * Loops are followed by the identity of the objects that go through them, so slices, filters and other names for the
 * same message do not matter.
 */
export function compileTraced(
  source: string,
  level: TraceLevel,
  marks: TraceMarks,
): Result<ChatTemplate, TemplateError> {
  const program = PROGRAMS[level.statements](source)
  if (!program.ok) return program
  return ok({ source, render: (input) => renderTraced(program.value, input, { level, marks }) })
}

const PROGRAMS = { all: instrumented(true), printed: instrumented(false) }

function instrumented(capturesToo: boolean) {
  return remember((source) => {
    const program = parseTemplate(source)
    if (program.ok) instrument(program.value, capturesToo)
    return program
  }, KEPT_PROGRAMS)
}

function renderTraced(
  program: TemplateProgram,
  input: RenderInput,
  { level, marks }: { readonly level: TraceLevel; readonly marks: TraceMarks },
): Result<string, TemplateError> {
  const { texts } = level
  const marked = {
    ...input,
    messages:
      texts === 'all'
        ? input.messages.map((message) => markMessage(message, marks))
        : input.messages,
    tools:
      texts === 'none'
        ? input.tools
        : input.tools.map((tool, index) => markTool(tool, index, marks)),
  }
  const { environment, messages, tools } = environmentFor(marked)
  const parts = partsByIdentity(input, messages, tools)
  environment.set(MARK_STATEMENT, (node: number) => marks.statement(node))
  environment.set(MARK_ITERATION, (loop: number, value: unknown) =>
    marks.iteration(loop, partOf(parts, value)),
  )
  environment.set(MARK_CHOICE, (value: unknown) => marks.choice(partOf(parts, value)))
  environment.set(MARK_LOOP_END, (loop: number) => marks.loopEnd(loop))
  return runTemplate(program, environment)
}

// --- what is given to the template -----------------------------------------------------------------

function markMessage(message: TemplateMessage, marks: TraceMarks): TemplateMessage {
  const { origin } = message
  if (!origin) return message
  if (message.role === 'tool') {
    const { content } = message
    return typeof content === 'string'
      ? { ...message, content: marks.content(origin, content) }
      : message
  }
  const content = marks.content(origin, message.content)
  if (message.role !== 'assistant') return { ...message, content }
  const { reasoning_content: reasoning, tool_calls: calls } = message
  return {
    ...message,
    content,
    ...(reasoning !== undefined && { reasoning_content: marks.content(origin, reasoning) }),
    ...(calls && {
      tool_calls: calls.map((call, index) => {
        const part = callPart(origin, index)
        const name = part ? marks.name(part, call.function.name) : call.function.name
        return { ...call, function: { ...call.function, name } }
      }),
    }),
  }
}

function markTool(tool: Tool, index: number, marks: TraceMarks): Tool {
  const part = { type: 'tool', index } as const
  const mark = (value: unknown) => (typeof value === 'string' ? marks.name(part, value) : value)
  const definition = Object.fromEntries(
    Object.entries(tool.definition).map(([key, value]) => [
      key,
      key === 'name' || key === 'description' ? mark(value) : value,
    ]),
  ) as JsonObject
  return { ...tool, definition }
}

function callPart(origin: TemplateMessage['origin'], call: number): PromptPart | null {
  return origin?.type === 'message' ? { type: 'call', index: origin.index, call } : null
}

// --- which object is which -------------------------------------------------------------------------

/** The library's objects are maps that it never copies. */
type Runtime = { readonly value: unknown }

function partsByIdentity(
  input: RenderInput,
  messages: unknown,
  tools: unknown,
): ReadonlyMap<unknown, PromptPart> {
  const parts = new Map<unknown, PromptPart>()
  for (const [index, message] of elementsOf(messages).entries()) {
    const origin = input.messages[index]?.origin
    if (!origin) continue
    parts.set(message, origin)
    for (const [at, call] of elementsOf(fieldOf(message, 'tool_calls')).entries()) {
      const part = callPart(origin, at)
      if (!part) continue
      parts.set(call, part)
      parts.set(valueOf(fieldOf(call, 'function')), part)
    }
  }
  for (const [index, tool] of elementsOf(tools).entries()) {
    parts.set(tool, { type: 'tool', index })
    if (input.toolShape === 'wrapped') {
      parts.set(valueOf(fieldOf(tool, 'function')), { type: 'tool', index })
    }
  }
  parts.delete(null)
  return parts
}

function partOf(parts: ReadonlyMap<unknown, PromptPart>, value: unknown): PromptPart | null {
  return (value instanceof Map && parts.get(value)) || null
}

function valueOf(runtime: unknown): unknown {
  return typeof runtime === 'object' && runtime !== null ? (runtime as Runtime).value : null
}

function elementsOf(runtime: unknown): readonly unknown[] {
  const value = valueOf(runtime)
  return Array.isArray(value) ? value.map(valueOf) : []
}

function fieldOf(map: unknown, key: string): unknown {
  return map instanceof Map ? map.get(key) : null
}

// --- the statements --------------------------------------------------------------------------------

const MARK_STATEMENT = 'callground_statement'
const MARK_ITERATION = 'callground_iteration'
const MARK_CHOICE = 'callground_choice'
const MARK_LOOP_END = 'callground_loop_end'

/** Puts the marks into a program that no one else has. */
function instrument(program: TemplateProgram, capturesToo: boolean): void {
  let count = 0
  const root = program as unknown as Statement
  root.body = block(root.body ?? [], 0)

  function block(statements: readonly Statement[], loopDepth: number): Statement[] {
    return statements.flatMap((statement) => withMarks(statement, loopDepth))
  }

  function withMarks(statement: Statement, loopDepth: number): Statement[] {
    const id = count++
    switch (statement.type) {
      case 'If':
        statement.body = block(statement.body ?? [], loopDepth)
        statement.alternate = block(statement.alternate ?? [], loopDepth)
        return [statement]
      case 'For': {
        const name = nameOf(statement.loopvar)
        const start = name === null ? [] : [markOf(`${MARK_ITERATION}(${id}, ${name})`)]
        statement.body = [...start, ...block(statement.body ?? [], loopDepth + 1)]
        statement.defaultBlock = block(statement.defaultBlock ?? [], loopDepth)
        return [statement, markOf(`${MARK_LOOP_END}(${id})`)]
      }
      case 'Set': {
        if (capturesToo) statement.body = block(statement.body ?? [], loopDepth)
        const name = nameOf(statement.assignee)
        // In `for i in range(…)` the message is chosen inside the loop.
        return name === null || loopDepth === 0
          ? [statement]
          : [statement, markOf(`${MARK_CHOICE}(${name})`)]
      }
      case 'Macro':
        if (capturesToo) statement.body = block(statement.body ?? [], loopDepth)
        return [statement]
      case 'CallStatement':
      case 'FilterStatement':
        if (capturesToo) statement.body = block(statement.body ?? [], loopDepth)
        return [markOf(`${MARK_STATEMENT}(${id})`), statement]
      case 'Comment':
      case 'Break':
      case 'Continue':
        return [statement]
      default:
        return [markOf(`${MARK_STATEMENT}(${id})`), statement]
    }
  }
}

function nameOf(named: Named | undefined): string | null {
  return named?.type === 'Identifier' && typeof named.value === 'string' ? named.value : null
}

function markOf(call: string): Statement {
  const [statement] = parse(tokenize(`{{ ${call} }}`)).body
  if (!statement) throw new Error(`${call} is no statement`)
  return statement
}
