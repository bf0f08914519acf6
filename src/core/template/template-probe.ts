import type { Tool, ToolShape } from '../tools/tool.ts'
import type { ChatTemplate, RenderInput, TemplateMessage } from './chat-template.ts'
import { compileTemplate } from './jinja-template.ts'

/** What a template does with tools, found by rendering it: templates are programs, so their text does not tell. */
export type ToolHandling =
  /** Tools make no difference to the prompt: the model would never see them. */
  | { readonly type: 'ignored' }
  /** Tools are printed, and what goes with them stays when the caller gives a system message. */
  | { readonly type: 'kept' }
  /**
   * A system message replaces not only the default one but also how calls are to be written: the xLAM trap.
   * `before` and `after` are the lost text around the place of the default system message.
   */
  | { readonly type: 'dropped'; readonly before: string; readonly after: string }

type ProbeOptions = Pick<RenderInput, 'toolShape' | 'bosToken' | 'eosToken' | 'nowMs' | 'variables'>

const MARKER = 'a0system0marker0'
const USER: TemplateMessage = { role: 'user', content: 'a0user0marker0' }
const SYSTEM: TemplateMessage = { role: 'system', content: MARKER }
const NAME = 'a0tool0marker0'
const DEFINITION = {
  name: NAME,
  description: 'a0description0marker0',
  parameters: { type: 'object', properties: { a0key0marker0: { type: 'string' } } },
} as const
const PROBE_TOOL: Tool = { ...DEFINITION, definition: DEFINITION }

/**
 * Finds out whether the template prints tools, and whether a system message makes its instruction vanish.
 *
 * Compares four renderings, with and without tools, with and without a system message. A template that fails on any
 * of them counts as `kept`: the real rendering will tell.
 */
export function probeToolHandling(template: ChatTemplate, options: ProbeOptions): ToolHandling {
  return probed(findToolHandling, template, options)
}

function findToolHandling(template: ChatTemplate, options: ProbeOptions): ToolHandling {
  const plain = renderProbe(template, options, { system: false, tools: false })
  const withTools = renderProbe(template, options, { system: false, tools: true })
  if (plain === null || withTools === null) return { type: 'kept' }
  if (!withTools.includes(NAME)) return { type: 'ignored' }
  const withSystem = renderProbe(template, options, { system: true, tools: false })
  const withBoth = renderProbe(template, options, { system: true, tools: true })
  if (withSystem === null || withBoth === null) return { type: 'kept' }

  const replaced = textInPlaceOfMarker(withTools, withBoth)
  const defaultSystem = textInPlaceOfMarker(plain, withSystem)
  const at = replaced.indexOf(defaultSystem)
  const before = at < 0 ? '' : replaced.slice(0, at)
  const after = at < 0 ? `\n${replaced}` : replaced.slice(at + defaultSystem.length)
  if (!isAboutTools(before + after)) return { type: 'kept' }
  return {
    type: 'dropped',
    before,
    after: after === '' || after.startsWith('\n') ? after : `\n${after}`,
  }
}

/** True when the template can print a JSON object as the content of a tool message, and prints it as JSON. */
export function printsJsonResults(template: ChatTemplate, options: ProbeOptions): boolean {
  return probed(findJsonResults, template, options)
}

function findJsonResults(template: ChatTemplate, options: ProbeOptions): boolean {
  const id = 'call00000'
  const call = { id, type: 'function', function: { name: NAME, arguments: {} } } as const
  const rendered = template.render({
    ...options,
    messages: [
      USER,
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', name: NAME, tool_call_id: id, content: { a: ['b', 1] } },
    ],
    tools: [PROBE_TOOL],
    addGenerationPrompt: true,
  })
  return rendered.ok && rendered.value.includes('{"a": ["b", 1]}')
}

/**
 * The shape in which the model saw tools in training.
 *
 * xLAM was trained on bare definitions; so is one whose template writes both shapes alike. All others follow OpenAI.
 */
export function preferredToolShape(chatTemplate: string | null): ToolShape {
  if (chatTemplate === null || /xlam|make calls in a single json array/i.test(chatTemplate)) {
    return 'bare'
  }
  const template = compileTemplate(chatTemplate)
  if (!template.ok) return 'wrapped'
  const [bare, wrapped] = (['bare', 'wrapped'] as const).map((toolShape) =>
    renderProbe(
      template.value,
      { toolShape, bosToken: '', eosToken: '', nowMs: 0 },
      { system: false, tools: true },
    ),
  )
  return bare !== null && bare === wrapped ? 'bare' : 'wrapped'
}

const probes = new WeakMap<ChatTemplate, Map<unknown, Map<string, unknown>>>()

/** What is found of a template stays true of it, whatever the time of day. */
function probed<Found>(
  find: (template: ChatTemplate, options: ProbeOptions) => Found,
  template: ChatTemplate,
  options: ProbeOptions,
): Found {
  const { toolShape, bosToken, eosToken, variables } = options
  const ofTemplate = probes.get(template) ?? new Map<unknown, Map<string, unknown>>()
  probes.set(template, ofTemplate)
  const known = ofTemplate.get(find) ?? new Map<string, unknown>()
  ofTemplate.set(find, known)
  const key = JSON.stringify([toolShape, bosToken, eosToken, variables])
  if (!known.has(key)) known.set(key, find(template, options))
  return known.get(key) as Found
}

function renderProbe(
  template: ChatTemplate,
  options: ProbeOptions,
  given: { readonly system: boolean; readonly tools: boolean },
): string | null {
  const rendered = template.render({
    ...options,
    messages: given.system ? [SYSTEM, USER] : [USER],
    tools: given.tools ? [PROBE_TOOL] : [],
    addGenerationPrompt: true,
  })
  return rendered.ok ? rendered.value : null
}

/** What stands in `without` where `withMarker` has the system message; '' when the two do not line up. */
function textInPlaceOfMarker(without: string, withMarker: string): string {
  const at = withMarker.indexOf(MARKER)
  if (at < 0) return ''
  const prefix = withMarker.slice(0, at)
  const suffix = withMarker.slice(at + MARKER.length)
  const isAligned =
    without.startsWith(prefix) &&
    without.endsWith(suffix) &&
    without.length >= prefix.length + suffix.length
  return isAligned ? without.slice(prefix.length, without.length - suffix.length) : ''
}

/** A default system text that merely differs with tools is no instruction. */
function isAboutTools(text: string): boolean {
  return /\b(tools?|functions?)\b/i.test(text) && /[[{<]/.test(text)
}
