import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import { childPointer } from '../schema/json-pointer.ts'
import { type Draft, draftOf, KEYWORDS, shapeProblem } from '../schema/keywords.ts'
import { standardType } from '../schema/prepare-schema.ts'
import { resolveReference } from '../schema/schema-views.ts'

/** A schema and where it stands in the parameters of its tool. */
export type Place = { readonly schema: JsonValue; readonly pointer: string }

/** Schemas that all hold for one value, without references and combinators left. */
export type Flat = readonly ObjectPlace[]
export type ObjectPlace = { readonly schema: JsonObject; readonly pointer: string }

/** Beyond this, the branches of combinators are not multiplied out. */
const MOST_BRANCHES = 64

/** Reads the schemas of one tool. */
export class SchemaPlaces {
  readonly root: JsonObject
  readonly draft: Draft
  private readonly pointers = new Map<JsonValue, string>()

  constructor(root: JsonObject) {
    this.root = root
    this.draft = draftOf(root)
    this.note(root, '')
  }

  private note(value: JsonValue, pointer: string): void {
    if (typeof value !== 'object' || value === null || this.pointers.has(value)) return
    this.pointers.set(value, pointer)
    for (const [key, item] of Object.entries(value)) this.note(item, childPointer(pointer, key))
  }

  /** A keyword's value, or undefined when it is missing or malformed: then the validator ignores it as well. */
  read(place: ObjectPlace, keyword: string): JsonValue | undefined {
    const value = Object.hasOwn(place.schema, keyword) ? place.schema[keyword] : undefined
    if (value === undefined) return undefined
    const shape = KEYWORDS.get(keyword)
    return shape && shapeProblem(shape, value, this.draft) !== null ? undefined : value
  }

  /** The schemas in a keyword that holds several, by key or index. */
  children(place: ObjectPlace, keyword: string): ReadonlyMap<string, Place> {
    const value = this.read(place, keyword)
    const pointer = childPointer(place.pointer, keyword)
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
    return new Map(
      entries.map(([key, schema]) => [key, { schema, pointer: childPointer(pointer, key) }]),
    )
  }

  /** The schema in a keyword that holds one. */
  child(place: ObjectPlace, keyword: string): Place | null {
    const schema = this.read(place, keyword)
    return schema === undefined ? null : { schema, pointer: childPointer(place.pointer, keyword) }
  }

  /**
   * The ways in which a value may fit all of `places`: it fits when it fits all schemas of one of them.
   *
   * None at all: no value fits. Null: there are too many.
   */
  ways(places: readonly Place[]): readonly Flat[] | null {
    try {
      return this.combine(places, new Set())
    } catch (error) {
      if (error instanceof TooManyBranches) return null
      throw error
    }
  }

  private combine(places: readonly Place[], active: ReadonlySet<JsonValue>): readonly Flat[] {
    let ways: readonly Flat[] = [[]]
    for (const place of places) {
      const more = this.expand(place, active)
      ways = ways.flatMap((way) => more.map((flat) => mergePlaces(way, flat)))
      if (ways.length > MOST_BRANCHES) throw new TooManyBranches()
    }
    return ways
  }

  private expand({ schema, pointer }: Place, active: ReadonlySet<JsonValue>): readonly Flat[] {
    if (schema === false) return []
    if (!isJsonObject(schema)) return [[]]
    // A reference that leads back to itself says nothing new.
    if (active.has(schema)) return [[]]
    const within = new Set([...active, schema])
    const place = { schema, pointer }
    const target = this.target(place)
    if (target && (this.draft === '4' || this.draft === '7')) return this.combine([target], within)
    const all = [...(target ? [target] : []), ...this.children(place, 'allOf').values()]
    let ways = this.combine(all, within).map((flat) => mergePlaces([place], flat))
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = [...this.children(place, keyword).values()]
      if (branches.length === 0) continue
      const options = branches.flatMap((branch) => this.combine([branch], within))
      ways = ways.flatMap((way) => options.map((option) => mergePlaces(way, option)))
      if (ways.length > MOST_BRANCHES) throw new TooManyBranches()
    }
    return ways
  }

  /** Where a reference leads; null when there is none, or it leads nowhere: then it does not count. */
  private target({ schema }: ObjectPlace): Place | null {
    const reference = schema['$ref']
    if (typeof reference !== 'string') return null
    const found = resolveReference(this.root, reference)
    if (found === undefined) return null
    return { schema: found, pointer: this.pointers.get(found) ?? decodeURI(reference.slice(1)) }
  }

  /** The types that a schema names, undefined when it names none that counts. */
  types(place: ObjectPlace): readonly string[] | undefined {
    const value = this.read(place, 'type')
    if (value === undefined) return undefined
    const names = (Array.isArray(value) ? value : [value]).map((name) => standardType(String(name)))
    return names.some((name) => name === null) ? undefined : names.filter((name) => name !== null)
  }
}

class TooManyBranches extends Error {}

function mergePlaces(a: Flat, b: Flat): Flat {
  return [...a, ...b.filter(({ schema }) => !a.some((place) => place.schema === schema))]
}
