import type { JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import type { Tool, ToolCall } from '../tools/tool.ts'
import type { CallSyntax } from './call-syntax.ts'

/** `found:` with the markers of a format that was found by comparing what a template prints. */
export type FormatId = KnownFormatId | `found:${string}`

export type KnownFormatId =
  | 'xlam'
  | 'hermes'
  | 'llama-json'
  | 'mistral'
  | 'mistral-id'
  | 'mistral-args'
  | 'granite'
  | 'granite-code'
  | 'deepseek-v3'
  | 'deepseek-v31'
  | 'phi-4-mini'
  | 'firefunction'
  | 'gpt-oss'
  | 'hammer'
  | 'smollm2'
  | 'functionary-v31'
  | 'functionary-v32'
  | 'command-r'
  | 'command-r7b'
  | 'nemotron'
  | 'apriel'
  | 'kimi-k2'
  | 'pythonic'
  | 'llama4-pythonic'
  | 'lfm2'
  | 'smollm3-python'
  | 'qwen3-coder'
  | 'function-gemma'
  | 'glm'
  | 'minimax-m2'
  | 'deepseek-dsml'
  | 'server'

/** Why something that had begun as a call is not a well-formed one. `at` is an offset into the output. */
export type CallProblem =
  | {
      readonly kind: 'syntax'
      readonly at: number
      readonly expected: string
      readonly found: string
    }
  | { readonly kind: 'missing-arguments'; readonly at: number }
  | { readonly kind: 'missing-name'; readonly at: number }

/**
 * What a parser says about the output as it arrives. All offsets are UTF-16 offsets into the whole output;
 * `text` of a delta is always `output.slice(at, at + text.length)`, so markup is what no event covers.
 *
 * A call is announced once its name is complete and an `arguments` (or `parameters`) key has begun, never before:
 * until then it may turn out to be prose. Exactly one of call-end, call-cut-off and call-invalid ends it.
 */
export type ParseEvent =
  | { readonly type: 'text-delta'; readonly at: number; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly at: number; readonly text: string }
  | {
      readonly type: 'call-start'
      readonly call: number
      readonly name: string
      /** The characters between the quotes of the name. */
      readonly nameSpan: Span
      /** Where the call's own `{` stands, or its name where that stands outside of the JSON. */
      readonly at: number
    }
  /** Raw characters of the arguments value (for string-encoded arguments: with its quotes and escapes). */
  | {
      readonly type: 'call-arguments-delta'
      readonly call: number
      readonly at: number
      readonly text: string
    }
  | {
      readonly type: 'call-end'
      readonly call: number
      readonly span: Span
      readonly argumentsSpan: Span
      /** The parsed arguments; a string that holds a JSON object (OpenAI style) is decoded to that object. */
      readonly arguments: JsonValue
    }
  /** The output ended inside the call; without a call-start before it, `name` is what is known of it. */
  | {
      readonly type: 'call-cut-off'
      readonly call: number
      readonly name: string | null
      readonly span: Span
    }
  /** The call cannot be read; `name` is null when it broke before the name was complete. */
  | {
      readonly type: 'call-invalid'
      readonly call: number
      readonly name: string | null
      readonly span: Span
      readonly problem: CallProblem
    }

/** Between these the model thinks: nothing there is an answer or a call. */
export type ReasoningMarkers = {
  /** Null: something else begins the reasoning, such as the head of a container. */
  readonly open: string | null
  readonly close: string
}

export type OutputParser = {
  /** Takes the next characters. Work is linear in the whole output, whatever the chunking. */
  feed(delta: string): readonly ParseEvent[]
  /** The output is over: flushes what was held back. */
  end(): readonly ParseEvent[]
}

export type ParserOptions = {
  /** The prompt ended inside open reasoning, so the output begins as reasoning. */
  readonly startsInReasoning: boolean
  /**
   * What the model may call. Where a notation has no quotes, only a tool's schema tells `5` from `"5"`; without one, what
   * is JSON is read as JSON. They also tell a call from prose where nothing else does.
   */
  readonly tools?: readonly Tool[]
}

const THINK: ReasoningMarkers = { open: '<think>', close: '</think>' }

/** All markers of reasoning that a format reads. */
export function reasoningOf({
  reasoning = [],
}: {
  readonly reasoning?: readonly ReasoningMarkers[]
}): readonly ReasoningMarkers[] {
  return [...reasoning, THINK]
}

/**
 * A tool call format: how one family of models writes calls.
 *
 * The parser's events depend only on the concatenated text: adjacent deltas merged, any chunking gives the same list.
 */
export type ToolCallFormat = {
  readonly id: FormatId
  readonly label: string
  /** One sentence and an example, for the format menu. */
  readonly description: string
  readonly example: string
  /** How well the chat template fits, 0 (not at all) to 1 (its own markers are there). */
  detect(chatTemplate: string): number
  /** Control tokens in which the family writes calls and reasoning: an engine hides them unless it is told to print them. */
  readonly controlTokens: readonly string[]
  /** Where an answer with calls ends, for a family that would go on to write the results itself. */
  readonly stop?: readonly string[]
  /** Markers of reasoning besides `<think>`, which every format reads. */
  readonly reasoning?: readonly ReasoningMarkers[]
  /** How calls are written, for a grammar that holds a model to it. */
  readonly syntax: CallSyntax
  createParser(options: ParserOptions): OutputParser
  /** Writes calls the way the model does: for the fallback template and for calls edited by hand. */
  render(calls: readonly ToolCall[]): string
  /** Instruction for a model whose own template has none: used by the fallback template. */
  readonly instruction: string
}
