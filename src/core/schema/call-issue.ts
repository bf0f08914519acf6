/** Something wrong with the arguments of a call, placed by a JSON Pointer into them ('' is the arguments value itself). */
export type CallIssue = {
  readonly kind:
    | 'unknown-tool'
    | 'not-an-object'
    | 'missing'
    | 'type'
    | 'enum'
    | 'pattern'
    | 'format'
    | 'range'
    | 'additional'
    | 'schema'
  /**
   * `error`: the schema forbids it. `warning`: the schema allows it, but it is probably a slip (an argument that the tool
   * does not know), or it could not be checked. A call with only warnings is valid.
   */
  readonly severity: 'error' | 'warning'
  /** JSON Pointer (RFC 6901). For `missing` and `additional` it points at the missing or surplus key itself. */
  readonly path: string
  /** A sentence for the user: what is wrong and what was expected. It does not repeat the suggestion. */
  readonly message: string
  /** The nearest legal tool name, key or enum value, when one is near. */
  readonly suggestion?: string
}
