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
  /** JSON Pointer (RFC 6901). For `missing` and `additional` it points at the missing or surplus key itself. */
  readonly path: string
  /** A sentence for the user: what is wrong and what was expected. */
  readonly message: string
  /** The nearest legal tool name, key or enum value, when one is near. */
  readonly suggestion?: string
}
