import { ok, type Result } from '../lib/result.ts'
import type { Span } from '../lib/span.ts'
import {
  buildPrompt,
  NO_TRACER,
  tracePrompt,
  type BuiltPrompt,
  type PromptInput,
} from './build-prompt.ts'
import type { TemplateError } from './chat-template.ts'
import { findObjects } from './find-objects.ts'
import { partKey, type PromptPart } from './prompt-part.ts'
import { traceDifference, type TraceDifference } from './trace-difference.ts'
import { createMarks, readMarks, type Trace, type TracedText } from './trace-marks.ts'
import { compileTraced, type TraceLevel } from './trace-template.ts'

export type PromptSegment = Span & { readonly part: PromptPart }

/**
 * How far the parts are known.
 *
 * `exact`: from the program and from the texts given to it. `statements`: the template reacts to marks in its texts, as
 * when it compares or measures them, so a part is all that is printed while the template is at its message. `none`: the
 * template prints something else at each run.
 */
export type XrayCertainty = 'exact' | 'statements' | 'none'

export type PromptXray = {
  readonly built: BuiltPrompt
  /** They follow each other without a gap and make up the whole prompt. */
  readonly segments: readonly PromptSegment[]
  readonly certainty: XrayCertainty
  /** Given, but nowhere in the prompt: the model does not see it. */
  readonly missing: readonly PromptPart[]
  /** Printed otherwise than given: cut, in another case, escaped. */
  readonly changed: readonly PromptPart[]
}

type Level = TraceLevel & { readonly certainty: XrayCertainty }

const LEVELS: readonly Level[] = [
  { statements: 'all', texts: 'all', certainty: 'exact' },
  { statements: 'printed', texts: 'all', certainty: 'exact' },
  { statements: 'printed', texts: 'tools', certainty: 'statements' },
  { statements: 'printed', texts: 'none', certainty: 'statements' },
]

/**
 * Takes the prompt apart: which stretch is whose.
 *
 * The template is run again with marks, and once more without tools and without the opening of the answer. A run counts
 * only when it prints the very prompt but for its marks, so a template that reacts to them lowers the certainty and
 * never moves a boundary. `known` is what `buildPrompt` gave for this very input, the clock included, if it was asked.
 */
export function xrayPrompt(
  input: PromptInput,
  known?: BuiltPrompt,
): Result<PromptXray, TemplateError> {
  const built = known ? ok(known) : buildPrompt(input)
  if (!built.ok) return built
  for (const level of LEVELS) {
    const trace = traceAt(input, built.value, level)
    if (!trace) continue
    const parts = paint(input, built.value, { trace, level })
    return ok({ built: built.value, ...parts, certainty: level.certainty })
  }
  const { length } = built.value.prompt
  const segments = length === 0 ? [] : [{ start: 0, end: length, part: UNKNOWN }]
  return ok({ built: built.value, segments, certainty: 'none', missing: [], changed: [] })
}

const UNKNOWN: PromptPart = { type: 'unknown' }

/** Null when the template prints something else with marks than without. */
function traceAt(input: PromptInput, built: BuiltPrompt, level: TraceLevel): Trace | null {
  const trace = traceOf(input, built, level)
  return trace?.text === built.prompt ? trace : null
}

function traceOf(input: PromptInput, built: BuiltPrompt, level: TraceLevel): Trace | null {
  const marks = createMarks(built.prompt)
  const marked = tracePrompt(input, built, {
    compile: (source) => compileTraced(source, level, marks),
    added: marks.added,
  })
  return marked.ok ? readMarks(marked.value, marks) : null
}

type Painted = Pick<PromptXray, 'segments' | 'missing' | 'changed'>

/** Lays the parts over one another, the surest last, and fills what is left from its neighbours. */
function paint(
  input: PromptInput,
  built: BuiltPrompt,
  { trace, level }: { readonly trace: Trace; readonly level: Level },
): Painted {
  const canvas = createCanvas(built.prompt.length)
  for (const { part, start, end } of trace.chunks) {
    if (part && part.type !== 'tool' && part.type !== 'call') canvas.fill({ start, end }, part)
  }
  if (input.tools.length > 0) {
    const difference = differenceTo({ ...input, tools: [] }, built, { trace, level })
    for (const span of difference.own) canvas.fill(span, { type: 'instruction' })
    for (const { part, ...span } of difference.shared) canvas.fill(span, part)
  }
  const texts = (kind: TracedText['kind']) => trace.texts.filter((text) => text.kind === kind)
  for (const text of texts('content')) canvas.fill(text, text.part)
  for (const text of texts('added')) canvas.fill(text, text.part)
  for (const { part, start, end } of trace.chunks) {
    if (part?.type === 'tool' || part?.type === 'call') canvas.fill({ start, end }, part)
  }
  const names = texts('name').filter(({ part, start }) => !canvas.has(start, part))
  const foreign = texts('content').filter(
    ({ part }) => part.type !== 'tool' && part.type !== 'call',
  )
  for (const { part, ...span } of findObjects(built.prompt, names, foreign)) canvas.fill(span, part)
  for (const span of opening(input, built, { trace, level })) {
    canvas.fill(span, { type: 'generation' })
  }

  canvas.fillRest((rest) => restOf(rest, input, built.prompt))
  const segments = canvas.segments()
  const present = new Set(segments.map(({ part }) => partKey(part)))
  return {
    segments,
    missing:
      level.certainty === 'exact'
        ? expectedParts(input).filter((part) => !present.has(partKey(part)))
        : [],
    changed: unique(
      trace.texts
        .filter((text) => text.kind !== 'added' && !text.isVerbatim)
        // Around the system message the text that the template dropped may have been put back.
        .filter(({ part, start, end }) => {
          const own = part.type === 'system' ? input.systemPrompt.trim() : null
          return own === null || !built.prompt.slice(start, end).includes(own)
        })
        .map(({ part }) => part),
    ),
  }
}

const NO_DIFFERENCE: TraceDifference = { own: [], shared: [] }

/** A template that refuses the smaller input, or is then not traced, tells nothing. */
function differenceTo(
  less: PromptInput,
  built: BuiltPrompt,
  { trace, level }: { readonly trace: Trace; readonly level: TraceLevel },
): TraceDifference {
  const other = traceOf(less, built, level)
  return other ? traceDifference(trace, other) : NO_DIFFERENCE
}

/** What opens the answer: mostly the end of the prompt, which a run without marks shows. */
function opening(
  input: PromptInput,
  built: BuiltPrompt,
  traced: { readonly trace: Trace; readonly level: TraceLevel },
): readonly Span[] {
  const closed = { ...input, addGenerationPrompt: false }
  const plain = tracePrompt(closed, built, NO_TRACER)
  if (!plain.ok) return []
  if (built.prompt.startsWith(plain.value)) {
    return [{ start: plain.value.length, end: built.prompt.length }]
  }
  return differenceTo(closed, built, traced).own
}

type Rest = Span & {
  /** The turn that it follows. */
  readonly before: PromptPart | null
  readonly isFirst: boolean
  readonly hasTurns: boolean
}

const TURNS: ReadonlySet<PromptPart['type']> = new Set(['system', 'message', 'call', 'result'])

/** Text of the template that no loop and no given text is around: the frame of the system turn, the end of a turn. */
function restOf(rest: Rest, input: PromptInput, prompt: string): PromptPart {
  const { before, isFirst, hasTurns } = rest
  if (isFirst) {
    const { bosToken } = input
    const start = rest.start === 0 && prompt.startsWith(bosToken) ? bosToken.length : rest.start
    const own = prompt.slice(start, rest.end)
    // Without any turn there is nothing that the text could be in front of.
    const hasSystem = hasTurns && (input.systemPrompt.trim() !== '' || own.trim() !== '')
    return { type: hasSystem ? 'system' : 'template' }
  }
  if (!before) return { type: 'template' }
  return before.type === 'call' ? { type: 'message', index: before.index } : before
}

function expectedParts(input: PromptInput): readonly PromptPart[] {
  const parts: PromptPart[] = input.tools.map((_, index) => ({ type: 'tool', index }))
  if (input.systemPrompt.trim() !== '') parts.push({ type: 'system' })
  for (const [index, message] of input.messages.entries()) {
    if (message.type === 'tool-results') {
      parts.push(
        ...message.results.map((_, result) => ({ type: 'result', index, result }) as const),
      )
    } else if (message.type === 'user' && message.text.trim() !== '') {
      parts.push({ type: 'message', index })
    }
  }
  return parts
}

function unique(parts: readonly PromptPart[]): readonly PromptPart[] {
  return [...new Map(parts.map((part) => [partKey(part), part])).values()]
}

// --- the canvas ------------------------------------------------------------------------------------

/** Which part each character belongs to; the last paint is what shows. */
function createCanvas(length: number) {
  const owners = new Int32Array(length).fill(-1)
  const parts: PromptPart[] = []
  const indexByKey = new Map<string, number>()

  function indexOf(part: PromptPart): number {
    const key = partKey(part)
    const known = indexByKey.get(key)
    if (known !== undefined) return known
    indexByKey.set(key, parts.length)
    return parts.push(part) - 1
  }

  function* runs(): Generator<Span & { readonly owner: number }> {
    for (let start = 0; start < length;) {
      const owner = owners[start] ?? -1
      let end = start + 1
      while (end < length && owners[end] === owner) end += 1
      yield { start, end, owner }
      start = end
    }
  }

  return {
    fill: ({ start, end }: Span, part: PromptPart) => owners.fill(indexOf(part), start, end),
    has: (at: number, part: PromptPart) => owners[at] === indexByKey.get(partKey(part)),
    /** Gives each run that belongs to no one to the part that `choose` names. */
    fillRest(choose: (rest: Rest) => PromptPart): void {
      const hasTurns = parts.some(({ type }) => TURNS.has(type))
      let before: PromptPart | null = null
      for (const { start, end, owner } of runs()) {
        const part = parts[owner]
        if (part) {
          if (TURNS.has(part.type)) before = part
          continue
        }
        const isFirst = before === null || before.type === 'system'
        owners.fill(indexOf(choose({ start, end, before, isFirst, hasTurns })), start, end)
      }
    },
    segments: (): readonly PromptSegment[] =>
      [...runs()].map(({ start, end, owner }) => ({ start, end, part: parts[owner] ?? UNKNOWN })),
  }
}
