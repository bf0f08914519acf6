import type { Message } from '../core/chat/message.ts'
import { buildCallGrammar, type CallGrammarError } from '../core/grammar/call-grammar.ts'
import type { Unexpressed } from '../core/grammar/schema-compiler.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { PromptInput } from '../core/template/build-prompt.ts'
import { type CallRules, hasRules } from '../core/tools/tool-choice.ts'
import type { Constraint } from '../engine/engine.ts'

/** What holds an answer to the tools. */
export type Binding = {
  /** The rules in force, which after results may be milder than those that were asked for. */
  readonly rules: CallRules
  readonly constraint: Constraint
  /** What the tools' schemas say and the grammar does not. */
  readonly unexpressed: readonly Unexpressed[]
}

export type BindInput = {
  readonly prompt: Pick<PromptInput, 'tools' | 'format' | 'chatTemplate' | 'messages'>
  readonly rules: CallRules
  readonly startsInReasoning: boolean
}

/** After results a required call has been made: the model may then answer, or it could never end. */
export function rulesInForce(rules: CallRules, messages: readonly Message[]): CallRules {
  const isAfterResults = messages.at(-1)?.type === 'tool-results'
  const isForced = rules.choice.type === 'required' || rules.choice.type === 'tool'
  return isAfterResults && isForced ? { ...rules, choice: { type: 'auto' } } : rules
}

/** The constraint for the next answer; null when nothing binds it: no rules, or no tools to call. */
export function bindCalls({
  prompt,
  rules,
  startsInReasoning,
}: BindInput): Result<Binding | null, CallGrammarError> {
  const inForce = rulesInForce(rules, prompt.messages)
  if (!hasRules(inForce)) return ok(null)
  const { format, tools, chatTemplate } = prompt
  const made = buildCallGrammar({
    tools,
    rules: inForce,
    syntax: format.syntax,
    markers: format.controlTokens,
    reasoning: startsInReasoning ? 'open' : chatTemplate?.includes('<think>') ? 'possible' : 'none',
  })
  if ('kind' in made) {
    return made.kind === 'no-tools' && inForce.choice.type === 'auto' ? ok(null) : err(made)
  }
  const { gbnf, triggered } = made
  const constraint = { type: 'grammar', gbnf, triggered } as const
  return ok({ rules: inForce, constraint, unexpressed: made.unexpressed })
}
