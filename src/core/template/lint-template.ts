import type { PromptInput } from './build-prompt.ts'
import type { ChatTemplate, RenderInput, TemplateMessage } from './chat-template.ts'
import { compileTemplate } from './jinja-template.ts'
import { preferredToolShape, probeToolHandling } from './template-probe.ts'

/** What silently goes wrong between the conversation and the prompt. */
export type TemplateFinding =
  /** The system message pushes out how calls are to be written. */
  | { readonly kind: 'instruction-dropped' }
  /** Tools are printed inside `{"type": "function", …}`, but the model was trained on them bare. */
  | { readonly kind: 'wrapped-tools' }
  /** The template reads the wrapper that is not there, so the tool's name is lost. */
  | { readonly kind: 'bare-tools' }
  /** `"arguments": "{\"place\": …}"`: text where the model was trained on an object. */
  | { readonly kind: 'quoted-arguments' }
  /** Two or more calls were answered at once, and nothing in the prompt tells which result is whose. */
  | { readonly kind: 'ids-not-printed' }
  /** The prompt begins with BOS twice, once by the template and once more. */
  | { readonly kind: 'doubled-bos'; readonly by: 'template' | 'engine' }
  /** Tools make no difference to what the template prints. */
  | { readonly kind: 'tools-ignored' }
  /** Prompt and answer together do not fit. */
  | {
      readonly kind: 'too-long'
      readonly promptTokens: number
      readonly maxTokens: number
      readonly contextLength: number
    }

export type LintInput = PromptInput & {
  /** The engine puts BOS in front by itself; it strips one that the prompt begins with. */
  readonly addsBos: boolean
  /** Null until they are counted. */
  readonly promptTokens: number | null
  readonly maxTokens: number
  readonly contextLength: number
}

const ARGUMENT = 'a0argument0marker0'
const IDS = ['c0all0id', 'c0all1id'] as const
const NAME = 'a0function0marker0'

/**
 * Finds what silently goes wrong with this conversation in this template, by rendering.
 *
 * `prompt` is the prompt of the conversation, null when the template cannot render it. A template that fails on a
 * probe has no finding of that kind: the real rendering says why it fails.
 */
export function lintTemplate(input: LintInput, prompt: string | null): readonly TemplateFinding[] {
  const compiled = input.chatTemplate === null ? null : compileTemplate(input.chatTemplate)
  const found = compiled?.ok ? findInTemplate(compiled.value, input) : []
  return [
    ...found,
    ...(prompt === null ? [] : findDoubledBos(prompt, input)),
    ...findTooLong(input),
  ]
}

function findInTemplate(template: ChatTemplate, input: LintInput): readonly TemplateFinding[] {
  const findings: TemplateFinding[] = []
  if (input.tools.length > 0) {
    const handling = probeToolHandling(template, input)
    if (
      handling.type === 'ignored' &&
      probeToolHandling(template, otherShape(input)).type === 'ignored'
    ) {
      findings.push({ kind: 'tools-ignored' })
    } else if (handling.type === 'ignored') {
      findings.push({ kind: input.toolShape === 'bare' ? 'bare-tools' : 'wrapped-tools' })
    } else if (printsWrapper(template, input) && preferredToolShape(template.source) === 'bare') {
      findings.push({ kind: 'wrapped-tools' })
    }
    if (handling.type === 'dropped' && input.systemPrompt.trim() !== '' && !input.keepInstruction) {
      findings.push({ kind: 'instruction-dropped' })
    }
  }
  const calls = renderCalls(template, input)
  if (calls?.includes(`\\"${ARGUMENT}\\"`)) findings.push({ kind: 'quoted-arguments' })
  if (calls && hasParallelResults(input) && !IDS.every((id) => calls.includes(id))) {
    findings.push({ kind: 'ids-not-printed' })
  }
  return findings
}

function otherShape(input: LintInput): LintInput {
  return { ...input, toolShape: input.toolShape === 'bare' ? 'wrapped' : 'bare' }
}

/** Only what is in the prompt counts: a template may unwrap what it is given. */
function printsWrapper(template: ChatTemplate, input: LintInput): boolean {
  if (input.toolShape !== 'wrapped') return false
  const [wrapped, bare] = (['wrapped', 'bare'] as const).map((toolShape) =>
    renderProbe(template, { ...input, toolShape }, [USER]),
  )
  return wrapped !== null && bare !== null && wrapped !== bare
}

const USER: TemplateMessage = { role: 'user', content: 'a0user0marker0' }

/** A conversation with two calls in one answer; with one, where the template allows no more. */
function renderCalls(template: ChatTemplate, input: LintInput): string | null {
  const calls = IDS.map((id) => ({
    id,
    type: 'function' as const,
    function: { name: NAME, arguments: { [ARGUMENT]: 'x' } },
  }))
  const results = IDS.map((id): TemplateMessage => ({
    role: 'tool',
    name: NAME,
    tool_call_id: id,
    content: 'y',
  }))
  const render = (count: number) =>
    renderProbe(template, input, [
      USER,
      { role: 'assistant', content: '', tool_calls: calls.slice(0, count) },
      ...results.slice(0, count),
    ])
  return render(2) ?? render(1)
}

function renderProbe(
  template: ChatTemplate,
  input: LintInput,
  messages: readonly TemplateMessage[],
): string | null {
  const { tools, toolShape, bosToken, eosToken, nowMs, variables } = input
  const given: RenderInput = {
    messages,
    tools,
    toolShape,
    bosToken,
    eosToken,
    nowMs,
    addGenerationPrompt: true,
    ...(variables && { variables }),
  }
  const rendered = template.render(given)
  return rendered.ok ? rendered.value : null
}

function hasParallelResults({ messages }: LintInput): boolean {
  return messages.some(({ type, ...message }) =>
    type === 'tool-results' && 'results' in message ? message.results.length > 1 : false,
  )
}

function findDoubledBos(prompt: string, input: LintInput): readonly TemplateFinding[] {
  const { bosToken, addsBos } = input
  if (bosToken === '') return []
  const start = prompt.trimStart()
  if (start.startsWith(bosToken) && start.slice(bosToken.length).trimStart().startsWith(bosToken)) {
    return [{ kind: 'doubled-bos', by: 'template' }]
  }
  // The engine strips only one that the prompt begins with, so white space in front of it makes two.
  const isHidden = start.startsWith(bosToken) && !prompt.startsWith(bosToken)
  return addsBos && isHidden ? [{ kind: 'doubled-bos', by: 'engine' }] : []
}

function findTooLong(input: LintInput): readonly TemplateFinding[] {
  const { promptTokens, maxTokens, contextLength } = input
  if (promptTokens === null || promptTokens + maxTokens <= contextLength) return []
  return [{ kind: 'too-long', promptTokens, maxTokens, contextLength }]
}
