import type { CallSyntax, SyntaxPart } from '../formats/call-syntax.ts'
import type { JsonObject } from '../lib/json.ts'
import type { Tool } from '../tools/tool.ts'
import type { CallRules } from '../tools/tool-choice.ts'
import { type Automaton, TooLargeError, withoutTexts } from './automaton.ts'
import { atom, EMPTY, type Expression, inOrder, literal, oneOf, repeated } from './expression.ts'
import { leadingText, textOnly, textWithoutCalls } from './free-text.ts'
import { GrammarWriter } from './grammar-writer.ts'
import { argumentsNotation, type ObjectNotation } from './notation.ts'
import { SchemaCompiler, type Unexpressed, UnusableSchemaError } from './schema-compiler.ts'
import { encodeRaw } from './string-encoding.ts'

export type CallGrammarInput = {
  readonly tools: readonly Tool[]
  readonly rules: CallRules
  readonly syntax: CallSyntax
  /** The family's markers, which a text answer cannot contain. */
  readonly markers: readonly string[]
  /** `possible`: the answer may begin with `<think>`. `open`: it begins inside it. Reasoning is never bound. */
  readonly reasoning: 'none' | 'possible' | 'open'
}

export type CallGrammar = {
  /** With the root rule `root`, in the part of GBNF that llama.cpp and xgrammar read alike. */
  readonly gbnf: string
  /** The same answers as free text and what is bound behind a marker; null where no marker alone decides. */
  readonly triggered: TriggeredCalls | null
  /** What the schemas say and the grammar does not. */
  readonly unexpressed: readonly Unexpressed[]
}

/** Free text up to `trigger`, which begins the calls; from behind it on the answer keeps to `gbnf`, to its end. */
export type TriggeredCalls = { readonly trigger: string; readonly gbnf: string }

export type CallGrammarError =
  | { readonly kind: 'no-tools' }
  | { readonly kind: 'unknown-tool'; readonly name: string }

/**
 * The grammar that holds an answer to its tools.
 *
 * Numbers have at most 16 digits and no needless ones, white space is as the family was trained to write it, and keys of an
 * object come in any order. *Auto* is free text, then calls: only once a call begins is anything bound.
 */
export function buildCallGrammar(input: CallGrammarInput): CallGrammar | CallGrammarError {
  const { rules, syntax } = input
  const writer = new GrammarWriter()
  const root = writer.reserve('root')
  const unexpressed: Unexpressed[] = []
  const { choice } = rules
  const tools =
    choice.type === 'tool' ? input.tools.filter(({ name }) => name === choice.name) : input.tools
  const toolNames = tools.map(({ name }) => name)
  const textRule = (automaton: Automaton) => rulesFor(writer, automaton, 'text')

  if (choice.type === 'none') {
    const text = textRule(textOnly(syntax, input.markers, toolNames))
    writer.define(root, afterReasoning(writer, input, text))
    return { gbnf: writer.text(), triggered: null, unexpressed }
  }
  if (choice.type === 'tool' && tools.length === 0)
    return { kind: 'unknown-tool', name: choice.name }
  if (tools.length === 0) return { kind: 'no-tools' }

  const calls = callsExpression({ writer, unexpressed, tools, input }, syntax)
  if (choice.type === 'auto') {
    const text = textRule(textWithoutCalls(syntax, toolNames))
    const noCall = emptyList(syntax)
    const answer = inOrder([text, repeated(noCall ? oneOf([calls, noCall]) : calls, 0, 1)])
    writer.define(root, afterReasoning(writer, input, answer))
  } else writer.define(root, afterReasoning(writer, input, calls))
  return { gbnf: writer.text(), triggered: triggeredCalls(input), unexpressed }
}

/** Reasoning may hold the marker without calling anything, so it must not be possible. */
function triggeredCalls(input: CallGrammarInput): TriggeredCalls | null {
  const { rules, syntax, reasoning, tools } = input
  if (rules.choice.type !== 'auto' || syntax.triggerAtStart || reasoning !== 'none') return null
  const begun = behindTrigger(syntax)
  if (!begun) return null
  const writer = new GrammarWriter()
  const root = writer.reserve('root')
  writer.define(root, callsExpression({ writer, unexpressed: [], tools, input }, begun))
  return { trigger: syntax.trigger, gbnf: writer.text() }
}

/** What is left of the beginning once the marker is written; null where the calls do not begin with it. */
function behindTrigger({ trigger, open, call }: CallSyntax): CallsBeginning | null {
  const [first, ...others] = open.length > 0 ? open : call.before
  if (typeof first !== 'string' || !first.startsWith(trigger)) return null
  const rest = [first.slice(trigger.length), ...others]
  return open.length > 0 ? { open: rest, call } : { open, call: { ...call, before: rest } }
}

function rulesFor(writer: GrammarWriter, automaton: Automaton, hint: string): Expression {
  const made = writer.automaton(automaton, { encode: encodeRaw, hint })
  return made.kind === 'choice' ? writer.rule(hint, made) : made
}

/** What such a family writes when no tool fits. */
function emptyList({ triggerAtStart, open, close }: CallSyntax): Expression | null {
  const isList = leadingText(open) === '[' && leadingText(close) === ']'
  return triggerAtStart && isList ? literal('[]') : null
}

const OPEN_THINK = '<think>'
const CLOSE_THINK = '</think>'

function afterReasoning(
  writer: GrammarWriter,
  { reasoning, rules }: CallGrammarInput,
  answer: Expression,
): Expression {
  if (reasoning === 'none') return answer
  const inner = rulesFor(writer, withoutTexts([CLOSE_THINK]), 'reasoning')
  const space = atom('[ \\t\\n]*')
  const bound = writer.rule('answer', answer)
  const thought = inOrder([inner, literal(CLOSE_THINK), space, bound])
  if (reasoning === 'possible') return oneOf([bound, inOrder([literal(OPEN_THINK), thought])])
  // A model that only thinks has said nothing, which auto and none allow.
  const mayOnlyThink = rules.choice.type === 'auto' || rules.choice.type === 'none'
  return mayOnlyThink ? oneOf([inner, thought]) : thought
}

/** The text before the first call, and that call's own. */
type CallsBeginning = Pick<CallSyntax, 'open' | 'call'>

type Parts = {
  readonly writer: GrammarWriter
  readonly unexpressed: Unexpressed[]
  readonly tools: readonly Tool[]
  readonly input: CallGrammarInput
}

function callsExpression(
  { writer, unexpressed, tools, input }: Parts,
  { open, call: first }: CallsBeginning,
): Expression {
  const { syntax, rules } = input
  const notation = argumentsNotation(syntax.notation, writer)
  const each = tools.map((tool) => {
    const parameters = argumentsOf({ writer, unexpressed, tool, isStrict: rules.strict, notation })
    const name = writtenName(tool.name, syntax)
    return writer.rule(
      `${tool.name}-call`,
      inOrder([literal(name), partsOf(syntax.call.between), parameters]),
    )
  })
  const callBehind = (before: readonly SyntaxPart[]) =>
    writer.rule('call', inOrder([partsOf(before), oneOf(each), partsOf(syntax.call.after)]))
  const call = callBehind(syntax.call.before)
  const firstCall = first === syntax.call ? call : callBehind(first.before)
  const more =
    rules.parallel && syntax.separator
      ? repeated(inOrder([partsOf(syntax.separator), call]), 0, null)
      : EMPTY
  return writer.rule('calls', inOrder([partsOf(open), firstCall, more, partsOf(syntax.close)]))
}

type Arguments = {
  readonly writer: GrammarWriter
  readonly unexpressed: Unexpressed[]
  readonly tool: Tool
  readonly isStrict: boolean
  readonly notation: ObjectNotation
}

const ANY_OBJECT: JsonObject = { type: 'object' }

/** Where a schema cannot be used at all, the arguments are any object, and that is said. */
function argumentsOf({ writer, unexpressed, tool, isStrict, notation }: Arguments): Expression {
  const compilation = { writer, tool: tool.name, unexpressed }
  const free = () => {
    const made = new SchemaCompiler(ANY_OBJECT, compilation).arguments(notation)
    return made ?? inOrder([literal(notation.open), literal(notation.close)])
  }
  if (!isStrict) return writer.sharedRule('arguments', free)
  const failed = (why: string) => {
    unexpressed.push({ tool: tool.name, path: '', keyword: 'schema', why, effect: 'looser' })
    return writer.sharedRule('arguments', free)
  }
  try {
    const made = new SchemaCompiler(tool.parameters, compilation).arguments(notation)
    return made ?? failed('allows no arguments at all')
  } catch (error) {
    if (error instanceof UnusableSchemaError) return failed('allows no finite value')
    if (error instanceof TooLargeError || error instanceof RangeError)
      return failed('is too large for a grammar')
    throw error
  }
}

/** Between quotes, a name is written as in JSON. */
function writtenName(name: string, { call }: CallSyntax): string {
  const before = call.before.at(-1)
  const isQuoted = typeof before === 'string' && before.endsWith('"')
  return isQuoted ? JSON.stringify(name).slice(1, -1) : name
}

function partsOf(parts: readonly SyntaxPart[]): Expression {
  return inOrder(
    parts.map((part): Expression =>
      typeof part === 'string' ? literal(part) : { kind: 'choice', source: part.gbnf },
    ),
  )
}
