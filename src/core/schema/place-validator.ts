import { validate } from '@cfworker/json-schema'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import { pointerKeys } from './json-pointer.ts'
import { prepareSchema } from './prepare-schema.ts'

/** Short enough for every pattern that is checked at all. */
const LONGEST_TEXT = 200

/**
 * Checks values against the schema that stands at a place (JSON Pointer) in `root`, whose references it may use.
 *
 * True also when it cannot be checked.
 */
export function createPlaceValidator(
  root: JsonObject,
): (pointer: string, value: JsonValue) => boolean {
  return (pointer, value) => {
    try {
      // The limit of steps counts from here.
      const { schema, lookup, draft } = prepareSchema(root, LONGEST_TEXT)
      const rootUri = Object.keys(lookup).find((uri) => lookup[uri] === schema) ?? ''
      const fragment = pointerKeys(pointer)
        .map((key) => `/${encodeURI(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
        .join('')
      const place = fragment === '' ? schema : lookup[`${rootUri}#${fragment}`]
      return place === undefined || validate(value, place, draft, lookup, true).valid
    } catch {
      // What the validator cannot check, it does not refuse in a call either.
      return true
    }
  }
}
