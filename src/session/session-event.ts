import type { ToolResult, Timings, Usage } from '../core/chat/message.ts'
import type { AnswerToken } from '../core/chat/token-info.ts'
import type { FormatId, ParseEvent } from '../core/formats/format.ts'
import type { ParsedOutput } from '../core/formats/parsed-output.ts'
import type { CallGrammarError } from '../core/grammar/call-grammar.ts'
import type { TemplateError } from '../core/template/chat-template.ts'
import type { CallRules } from '../core/tools/tool-choice.ts'
import type { EngineError } from '../engine/engine.ts'

/** Why a turn could not be run to its end. */
export type TurnError =
  | { readonly kind: 'engine'; readonly error: EngineError }
  | { readonly kind: 'template'; readonly error: TemplateError }
  /** The tools that are on do not allow what was chosen. */
  | { readonly kind: 'tool-choice'; readonly error: CallGrammarError }

/** The beginning of an earlier answer, from which the model is to go on. */
export type KeptOutput = {
  readonly raw: string
  readonly tokens: readonly AnswerToken[]
}

/**
 * What happens in one completion, in order: `turn-start` (absent when the prompt could not be built), any number of
 * the middle ones, then exactly one `turn-end` or `turn-error`.
 */
export type TurnEvent =
  | {
      readonly type: 'turn-start'
      /** The exact text that the engine is given. */
      readonly prompt: string
      readonly format: FormatId
      readonly startsInReasoning: boolean
      /** What the answer begins with, before the model goes on. */
      readonly kept: KeptOutput
      /** What the answer is held to; null: nothing. */
      readonly rules: CallRules | null
    }
  /** Prompt tokens read so far; `cached` of them were there from an earlier turn. */
  | {
      readonly type: 'prefill'
      readonly done: number
      readonly total: number
      readonly cached: number
    }
  /** The raw characters of one token, markup included, before what the parser makes of them. */
  | {
      readonly type: 'output-delta'
      readonly at: number
      readonly text: string
      /** When they were asked for. */
      readonly tokens?: readonly AnswerToken[]
    }
  | ParseEvent
  | {
      readonly type: 'turn-end'
      readonly reason: 'stop' | 'length' | 'context' | 'abort'
      readonly usage: Usage | null
      readonly timings: Timings | null
    }
  | { readonly type: 'turn-error'; readonly error: TurnError }

/** Why a run of one or more turns is over. */
export type RunEnd =
  /** The last answer has no complete call: there is nothing to wait for. */
  | { readonly type: 'answered' }
  /** The user is to give results; `why` says what kept automatic mode from doing so. */
  | {
      readonly type: 'waiting'
      readonly why:
        | 'manual'
        | 'unreadable-call'
        | 'invalid-call'
        | 'no-canned-result'
        | 'not-finished'
    }
  | { readonly type: 'step-limit'; readonly maxSteps: number }
  /** The model asks again for what it has already been given. */
  | { readonly type: 'repeated-call'; readonly name: string; readonly times: number }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: TurnError }

/** What happens in a run: for each step `step-start`, a turn's events and `step-end`, between steps `results`, last `run-end`. */
export type SessionEvent =
  | { readonly type: 'step-start'; readonly step: number }
  | TurnEvent
  | { readonly type: 'step-end'; readonly step: number; readonly output: ParsedOutput }
  /** Canned results that automatic mode gave to the step before. */
  | { readonly type: 'results'; readonly results: readonly ToolResult[] }
  | { readonly type: 'run-end'; readonly end: RunEnd }
