/** A fixed text, or a GBNF expression for what varies, such as an id: `{ gbnf: '[0-9]+' }`. */
export type SyntaxPart = string | { readonly gbnf: string }

/** How arguments are written. */
export type ArgumentNotation =
  /** A JSON object, its braces included. */
  | { readonly type: 'json' }
  /** `key=value, key=value` with Python literals. */
  | { readonly type: 'python' }
  /** FunctionGemma: `key:value,key:value` with strings between `<escape>` tags. */
  | { readonly type: 'gemma' }
  /** One element for each argument. Strings stand as they are, up to `after`; other values are JSON. */
  | {
      readonly type: 'tagged'
      readonly before: string
      /** Between key and value. */
      readonly between: string
      /** Between key and value when the value is no string; absent where that is the same. */
      readonly betweenJson?: string
      readonly after: string
      /** Between two arguments. */
      readonly separator: string
    }

/**
 * How a family writes its calls, one canonical way: what its chat template prints for a call in an earlier answer.
 *
 * The text of calls is `open`, then each call as `before` name `between` arguments `after`, with `separator` between two calls,
 * then `close`.
 */
export type CallSyntax = {
  /**
   * An answer in which this text occurs has begun a call; a text answer cannot contain it. For formats without a marker, it is what
   * the answer would have to begin with, and `triggerAtStart` is true.
   */
  readonly trigger: string
  readonly triggerAtStart: boolean
  readonly open: readonly SyntaxPart[]
  readonly call: {
    readonly before: readonly SyntaxPart[]
    readonly between: readonly SyntaxPart[]
    readonly after: readonly SyntaxPart[]
  }
  /** Null: one call only. */
  readonly separator: readonly SyntaxPart[] | null
  readonly close: readonly SyntaxPart[]
  readonly notation: ArgumentNotation
}
