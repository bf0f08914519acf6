import type { JsonObject } from '../lib/json.ts'
import type { Draft } from './keywords.ts'

/** Something wrong with a schema itself. */
export type SchemaProblem = {
  readonly severity: 'error' | 'warning'
  /** Keys from the schema's root to the value that is wrong, or to the value whose key is. */
  readonly path: readonly (string | number)[]
  readonly at: 'value' | 'key'
  readonly message: string
}

/** One schema on the way down. */
export type SchemaNode = {
  readonly root: JsonObject
  readonly draft: Draft
  readonly schema: JsonObject
  readonly path: readonly (string | number)[]
}
