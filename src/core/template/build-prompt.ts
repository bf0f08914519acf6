import type { Message } from '../chat/message.ts'
import { reasoningOf, type FormatId, type ToolCallFormat } from '../formats/format.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { Tool, ToolShape } from '../tools/tool.ts'
import type { ChatTemplate, RenderInput, TemplateError, TemplateMessage } from './chat-template.ts'
import { FALLBACK_STOP, fallbackTemplate, toolsAsText, writeCalls } from './fallback-template.ts'
import { compileTemplate } from './jinja-template.ts'
import { toTemplateMessages } from './template-messages.ts'
import { printsJsonResults, probeToolHandling } from './template-probe.ts'

export type PromptInput = {
  /** The path that is shown, root first; the model answers after it. */
  readonly messages: readonly Message[]
  /** Blank: no system message. */
  readonly systemPrompt: string
  readonly tools: readonly Tool[]
  readonly toolShape: ToolShape
  readonly format: ToolCallFormat
  /** The format of an earlier answer; by default `format`. */
  readonly formatOf?: (id: FormatId) => ToolCallFormat
  /** The Jinja source in the model file. */
  readonly chatTemplate: string | null
  /** Put back the instruction that the model's own template drops when there is a system message. */
  readonly keepInstruction: boolean
  readonly bosToken: string
  readonly eosToken: string
  readonly nowMs: number
  /** Whether the prompt ends by opening the answer; true by default. */
  readonly addGenerationPrompt?: boolean
  /** Further variables that templates read, such as `enable_thinking`. */
  readonly variables?: JsonObject
}

export type BuiltPrompt = {
  readonly prompt: string
  readonly templateUsed: 'model' | 'fallback'
  /** Why the model's own template is not used; null when it is. */
  readonly fallbackReason: FallbackReason | null
  readonly instruction: InstructionSource
  /** The prompt ends inside open reasoning. */
  readonly startsInReasoning: boolean
  /** The prompt begins with the BOS text, so an engine that adds BOS itself must strip one. */
  readonly startsWithBos: boolean
  /** Texts that end the answer besides the model's own end-of-turn tokens. */
  readonly stop: readonly string[]
}

export type FallbackReason = TemplateError | { readonly kind: 'no-template' }

/** Who tells the model how to write calls. */
export type InstructionSource =
  /** The template's own text is all there. */
  | 'from-template'
  /** The system message pushed it out, and it was put back in its trained place. */
  | 'kept-by-us'
  /** The system message pushed it out. */
  | 'dropped'
  /** The template knows nothing of tools (or is the fallback), so instruction and tools are ours. */
  | 'added-by-us'
  /** There are no tools. */
  | 'none'

type Rendered = { readonly prompt: string; readonly instruction: InstructionSource }

/** Draws along where the text comes from: templates are compiled by it, and what we put in ourselves goes through it. */
export type PromptTracer = {
  readonly compile: typeof compileTemplate
  readonly added: (text: string) => string
}

export const NO_TRACER: PromptTracer = { compile: compileTemplate, added: (text) => text }

/**
 * Renders the exact text that the engine gets.
 *
 * Uses the model's own template, else, when there is none or it fails, a ChatML-like one. The error is that of the
 * fallback, and means that even this failed: the messages hold something that no template can print.
 */
export function buildPrompt(input: PromptInput): Result<BuiltPrompt, TemplateError> {
  const own = renderWithModelTemplate(input, NO_TRACER)
  if (own.ok) {
    return ok({
      ...finish(own.value, input),
      templateUsed: 'model',
      fallbackReason: null,
      stop: input.format.stop ?? [],
    })
  }
  const fallback = renderFallback(input, NO_TRACER)
  if (!fallback.ok) return fallback
  const instruction = input.tools.length > 0 ? 'added-by-us' : 'none'
  return ok({
    ...finish({ prompt: fallback.value, instruction }, input),
    templateUsed: 'fallback',
    fallbackReason: own.error,
    stop: FALLBACK_STOP,
  })
}

/** The same text as `buildPrompt` gives, by the template that it used, as a tracer sees it. */
export function tracePrompt(
  input: PromptInput,
  { templateUsed }: Pick<BuiltPrompt, 'templateUsed'>,
  tracer: PromptTracer,
): Result<string, FallbackReason> {
  if (templateUsed === 'fallback') return renderFallback(input, tracer)
  const rendered = renderWithModelTemplate(input, tracer)
  return rendered.ok ? ok(rendered.value.prompt) : rendered
}

function renderFallback(input: PromptInput, { compile }: PromptTracer) {
  const template = fallbackTemplate(input.format, compile)
  return template.render(renderInput(input, messagesFor(input)))
}

function finish({ prompt, instruction }: Rendered, { bosToken, format }: PromptInput) {
  const openers = reasoningOf(format).flatMap(({ open }) => open ?? [])
  return {
    prompt,
    instruction,
    startsInReasoning: openers.some((open) => prompt.trimEnd().endsWith(open)),
    startsWithBos: bosToken !== '' && prompt.startsWith(bosToken),
  }
}

function renderWithModelTemplate(
  input: PromptInput,
  tracer: PromptTracer,
): Result<Rendered, FallbackReason> {
  if (input.chatTemplate === null) return err({ kind: 'no-template' })
  const compiled = compileTemplate(input.chatTemplate)
  if (!compiled.ok) return compiled
  const template = compiled.value
  const drawn = tracer.compile(input.chatTemplate)
  if (!drawn.ok) return drawn
  const messages = messagesFor(input, template)
  const render = (all: readonly TemplateMessage[]) => drawn.value.render(renderInput(input, all))

  if (input.tools.length === 0) return withInstruction(render(messages), 'none')
  const handling = probeToolHandling(template, input)
  if (handling.type === 'ignored') {
    const tools = toolsAsText(renderInput(input, []), input.format, tracer.compile)
    if (!tools.ok) return tools
    const plain = withoutToolRoles(messages, tracer.added(tools.value), input.format)
    return withInstruction(render(plain), 'added-by-us')
  }
  if (handling.type === 'kept' || !hasSystem(input)) {
    return withInstruction(render(messages), 'from-template')
  }
  if (!input.keepInstruction) return withInstruction(render(messages), 'dropped')
  const lost = { before: tracer.added(handling.before), after: tracer.added(handling.after) }
  return withInstruction(renderWithLostText(lost, messages, render), 'kept-by-us')
}

/**
 * Renders with the lost text around the system message, where the default system message would have it.
 *
 * A mark in the content is replaced after the rendering, because templates trim the content and would eat the blank
 * line between instruction and tools.
 */
function renderWithLostText(
  { before, after }: { readonly before: string; readonly after: string },
  messages: readonly TemplateMessage[],
  render: (messages: readonly TemplateMessage[]) => Result<string, TemplateError>,
): Result<string, TemplateError> {
  const [system, ...rest] = messages
  if (system?.role !== 'system') return render(messages)
  const withSystem = (content: string) => render([{ ...system, content }, ...rest])
  const mark = markNotIn(JSON.stringify(messages))
  const content = system.content.trim()
  const marked = withSystem(mark + content + mark)
  if (!marked.ok) return marked
  const [head, inner, tail, ...more] = marked.value.split(mark)
  if (head === undefined || inner === undefined || tail === undefined || more.length > 0) {
    // The template prints the system message more than once, or changes it: then it has to take the text as it is.
    return withSystem(before + content + after)
  }
  return ok(head + before + inner + after + tail)
}

function markNotIn(text: string): string {
  let mark = 'a0instruction0mark'
  while (text.includes(mark)) mark += '0'
  return mark
}

/** The conversation for a template that has no place for tools: they move into the system turn, results to the user. */
function withoutToolRoles(
  messages: readonly TemplateMessage[],
  toolText: string,
  format: ToolCallFormat,
): readonly TemplateMessage[] {
  const [first] = messages
  const system = first?.role === 'system' ? `${first.content}\n\n${toolText}` : toolText
  const plain: TemplateMessage[] = [{ role: 'system', content: system, origin: { type: 'system' } }]
  let results: Extract<TemplateMessage, { readonly role: 'tool' }>[] = []
  const flushResults = () => {
    const content = results.map(({ name, content: text }) => `Result of ${name}:\n${textOf(text)}`)
    const origin = results[0]?.origin
    const text = content.join('\n\n')
    if (results.length > 0) plain.push({ role: 'user', content: text, ...(origin && { origin }) })
    results = []
  }
  for (const message of first?.role === 'system' ? messages.slice(1) : messages) {
    if (message.role === 'tool') {
      results.push(message)
      continue
    }
    flushResults()
    plain.push(writeCalls(message, format))
  }
  flushResults()
  return plain
}

function textOf(content: JsonValue): string {
  return typeof content === 'string' ? content : JSON.stringify(content)
}

function messagesFor(input: PromptInput, template?: ChatTemplate): readonly TemplateMessage[] {
  const hasResults = input.messages.some((message) => message.type === 'tool-results')
  const messages = toTemplateMessages(input.messages, {
    formatOf: (message) => input.formatOf?.(message.format) ?? input.format,
    tools: input.tools,
    keepReasoning: template?.source.includes('reasoning_content') ?? false,
    jsonResults: !template || (hasResults && printsJsonResults(template, input)),
  })
  return hasSystem(input)
    ? [{ role: 'system', content: input.systemPrompt, origin: { type: 'system' } }, ...messages]
    : messages
}

function renderInput(input: PromptInput, messages: readonly TemplateMessage[]): RenderInput {
  const { tools, toolShape, bosToken, eosToken, nowMs, variables } = input
  return {
    messages,
    tools,
    toolShape,
    bosToken,
    eosToken,
    nowMs,
    addGenerationPrompt: input.addGenerationPrompt ?? true,
    ...(variables && { variables }),
  }
}

function hasSystem(input: PromptInput): boolean {
  return input.systemPrompt.trim() !== ''
}

function withInstruction(
  rendered: Result<string, TemplateError>,
  instruction: InstructionSource,
): Result<Rendered, TemplateError> {
  return rendered.ok ? ok({ prompt: rendered.value, instruction }) : rendered
}
