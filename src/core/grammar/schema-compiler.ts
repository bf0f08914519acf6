import type { JsonObject, JsonValue } from '../lib/json.ts'
import { spacedJson } from '../formats/spaced-json.ts'
import { createPlaceValidator } from '../schema/place-validator.ts'
import { compileList } from './compile-list.ts'
import { compileNumber } from './compile-number.ts'
import { compileObject } from './compile-object.ts'
import { compileString } from './compile-string.ts'
import { EMPTY, type Expression, literal, oneOf, atom, sourceOf } from './expression.ts'
import type { GrammarWriter } from './grammar-writer.ts'
import type { Notation, ObjectNotation } from './notation.ts'
import { type Flat, type ObjectPlace, type Place, SchemaPlaces } from './schema-places.ts'

/** Something in a schema that the grammar does not say as it is. */
export type Unexpressed = {
  readonly tool: string
  /** JSON Pointer to the schema, within the tool's parameters. */
  readonly path: string
  readonly keyword: string
  /** The end of a sentence that begins with the keyword. */
  readonly why: string
  /** `looser`: the grammar lets through what the schema refuses. `narrower`: it refuses some of what the schema allows. */
  readonly effect: 'looser' | 'narrower'
}

export type Compilation = {
  readonly writer: GrammarWriter
  readonly tool: string
  readonly unexpressed: Unexpressed[]
}

/** Above this many rules, what is left of a schema is taken as free. */
const MOST_RULES = 4000
/** An expression that is longer becomes a rule of its own. */
const LONGEST_INLINE = 60

/**
 * Turns the schemas of one tool into GBNF.
 *
 * Every compiling function gives null when no value can be written.
 */
export class SchemaCompiler {
  readonly places: SchemaPlaces
  readonly writer: GrammarWriter
  private readonly compilation: Compilation
  private readonly isValidAt: (pointer: string, value: JsonValue) => boolean
  private readonly known = new Map<string, Expression | null>()
  /** Rules that are being made, by what they are made of: recursive schemas refer to them. */
  private readonly open = new Map<string, { readonly name: string; isUsed: boolean }>()

  constructor(root: JsonObject, compilation: Compilation) {
    this.places = new SchemaPlaces(root)
    this.compilation = compilation
    this.writer = compilation.writer
    this.isValidAt = createPlaceValidator(root)
  }

  report(
    place: Pick<Place, 'pointer'>,
    keyword: string,
    gap: Pick<Unexpressed, 'why' | 'effect'>,
  ): void {
    const entry = { tool: this.compilation.tool, path: place.pointer, keyword, ...gap }
    const { unexpressed } = this.compilation
    if (!unexpressed.some((other) => other.path === entry.path && other.keyword === keyword))
      unexpressed.push(entry)
  }

  /** The arguments as a whole: always an object. */
  arguments(notation: ObjectNotation): Expression | null {
    const root: Place = { schema: this.places.root, pointer: '' }
    const ways = this.waysOf([root])
    const options = ways.flatMap((flat): readonly Expression[] => {
      const types = this.typesOf(flat)
      if (types && !types.includes('object')) return []
      this.reportGaps(flat, EVERYWHERE)
      const made = compileObject(this, { flat, notation, hint: this.hint('arguments') })
      return made ? [made] : []
    })
    return options.length === 0 ? null : oneOf(options)
  }

  /** A value that fits all of `places`. */
  value(places: readonly Place[], notation: Notation): Expression | null {
    const pointers = [...new Set(places.map(({ pointer }) => pointer))].toSorted()
    const key = `${notation.id} ${pointers.join(' ')}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    const open = this.open.get(key)
    if (open) {
      open.isUsed = true
      return atom(open.name)
    }
    if (this.writer.size > MOST_RULES) return this.tooLarge(places, notation)
    const name = this.writer.reserve(this.hint(pointers[0] ?? 'value'))
    const entry = { name, isUsed: false }
    this.open.set(key, entry)
    let made = this.unnamed(places, notation)
    this.open.delete(key)
    if (made && (entry.isUsed || sourceOf(made).length > LONGEST_INLINE))
      made = this.writer.define(name, made)
    else this.writer.discard(name)
    if (!made && entry.isUsed) throw new UnusableSchemaError(pointers[0] ?? '')
    this.known.set(key, made)
    return made
  }

  private tooLarge(places: readonly Place[], notation: Notation): Expression | null {
    const [place] = places
    if (place)
      this.report(place, 'schema', {
        why: 'is too large for a grammar from here on',
        effect: 'looser',
      })
    return places.length === 0 ? EMPTY : this.value([], notation)
  }

  private unnamed(places: readonly Place[], notation: Notation): Expression | null {
    const options: Expression[] = []
    const constants = new Set<string>()
    for (const flat of this.waysOf(places)) {
      const listed = this.listedValues(flat)
      if (!listed) {
        this.reportGaps(flat, EVERYWHERE)
        options.push(...this.typed(flat, notation))
        continue
      }
      for (const value of listed) {
        // The validator itself decides, so every other keyword counts too.
        if (!places.every(({ pointer }) => this.isValidAt(pointer, value))) continue
        const source = spacedJson(value)
        const expression = notation.constant(value)
        if (expression && !constants.has(source)) options.push(expression)
        constants.add(source)
      }
    }
    return options.length === 0 ? null : oneOf(options)
  }

  private waysOf(places: readonly Place[]): readonly Flat[] {
    const ways = this.places.ways(places)
    if (ways) return ways
    const [place] = places
    if (place) this.report(place, 'anyOf', { why: 'has too many combinations', effect: 'looser' })
    return [[]]
  }

  /** The values that `enum` and `const` leave. */
  private listedValues(flat: Flat): readonly JsonValue[] | null {
    for (const place of flat) {
      const { schema } = place
      if (Object.hasOwn(schema, 'const')) return [schema['const'] ?? null]
      const listed = this.places.read(place, 'enum')
      if (Array.isArray(listed)) return listed as readonly JsonValue[]
    }
    return null
  }

  private typesOf(flat: Flat): readonly string[] | undefined {
    const each = flat.flatMap((place) => {
      const types = this.places.types(place)
      return types ? [types] : []
    })
    if (each.length === 0) return impliedTypes(flat)
    return TYPES.filter((type) =>
      each.every(
        (types) => types.includes(type) || (type === 'integer' && types.includes('number')),
      ),
    )
  }

  private typed(flat: Flat, notation: Notation): readonly Expression[] {
    const types = this.typesOf(flat) ?? TYPES
    const hint = this.hint(flat[0]?.pointer ?? 'value')
    const made = types.map((type): Expression | readonly Expression[] | null => {
      switch (type) {
        case 'object':
          return compileObject(this, { flat, notation: notation.object, hint })
        case 'array':
          return compileList(this, { flat, notation, hint })
        case 'string':
          return compileString(this, { flat, notation, hint })
        case 'number':
          return compileNumber(this, flat, 'number')
        case 'integer':
          return types.includes('number') ? null : compileNumber(this, flat, 'integer')
        case 'boolean':
          return [literal(notation.words.true), literal(notation.words.false)]
        case 'null':
          return [literal(notation.words.null)]
        default:
          return null
      }
    })
    return made.flatMap((each) => each ?? [])
  }

  /** Notes keywords that no grammar here can hold to. */
  reportGaps(flat: Flat, gaps: Readonly<Record<string, string>>): void {
    for (const place of flat) {
      for (const [keyword, why] of Object.entries(gaps)) {
        if (this.places.read(place, keyword) !== undefined && !isVacuous(place, keyword))
          this.report(place, keyword, { why, effect: 'looser' })
      }
      this.reportOverlap(place)
    }
  }

  private reportOverlap(place: ObjectPlace): void {
    const branches = [...this.places.children(place, 'oneOf').values()]
    if (branches.length < 2 || this.areApart(branches)) return
    this.report(place, 'oneOf', {
      why: 'is held to like anyOf: a value may fit several of its branches',
      effect: 'looser',
    })
  }

  /** Can no value fit two of the branches? Told by types, and by a required key with other values in each. */
  private areApart(branches: readonly Place[]): boolean {
    const marks = branches.map(
      (branch) => this.places.ways([branch])?.map((flat) => this.markOf(flat)) ?? [null],
    )
    return marks.every((own, index) =>
      marks
        .slice(index + 1)
        .every((others) => own.every((a) => others.every((b) => a && b && isApart(a, b)))),
    )
  }

  private markOf(flat: Flat): Mark | null {
    const types = this.typesOf(flat)
    const listed = this.listedValues(flat)
    const tags = new Map<string, readonly string[]>()
    const required = new Set(flat.flatMap((place) => this.places.read(place, 'required') ?? []))
    for (const place of flat) {
      for (const [key, child] of this.places.children(place, 'properties')) {
        const [only] = this.places.ways([child]) ?? []
        const values = only && this.listedValues(only)
        if (values && required.has(key))
          tags.set(
            key,
            values.map((value) => spacedJson(value)),
          )
      }
    }
    return {
      types: types ?? TYPES,
      values: listed && listed.map((value) => spacedJson(value)),
      tags,
    }
  }

  private hint(pointer: string): string {
    const last = pointer.split('/').at(-1) ?? ''
    return `${this.compilation.tool}-${last}`.slice(0, 40)
  }
}

/** A recursive schema that no finite value fits. */
export class UnusableSchemaError extends Error {}

type Mark = {
  readonly types: readonly string[]
  readonly values: readonly string[] | null
  readonly tags: ReadonlyMap<string, readonly string[]>
}

function isApart(a: Mark, b: Mark): boolean {
  if (a.values && b.values) return !a.values.some((value) => b.values?.includes(value))
  if (
    !a.types.some(
      (type) =>
        b.types.includes(type) ||
        (type === 'integer' && b.types.includes('number')) ||
        (type === 'number' && b.types.includes('integer')),
    )
  )
    return true
  return (
    a.types.length === 1 &&
    a.types[0] === 'object' &&
    [...a.tags].some(([key, values]) => {
      const others = b.tags.get(key)
      return others !== undefined && !values.some((value) => others.includes(value))
    })
  )
}

const TYPES: readonly string[] = [
  'string',
  'number',
  'integer',
  'boolean',
  'null',
  'array',
  'object',
]

/** Without a type, keywords of objects and lists tell what was meant. */
function impliedTypes(flat: Flat): readonly string[] | undefined {
  const has = (keyword: string) => flat.some(({ schema }) => Object.hasOwn(schema, keyword))
  if (has('properties') || has('required')) return ['object']
  if (has('items') || has('prefixItems')) return ['array']
  return undefined
}

/** Written so, the keyword forbids nothing. */
function isVacuous({ schema }: ObjectPlace, keyword: string): boolean {
  const value = schema[keyword]
  return value === true || value === false
    ? keyword === 'not'
      ? value === false
      : value === true
    : false
}

const EVERYWHERE: Readonly<Record<string, string>> = {
  not: 'excludes values, which a grammar cannot',
  if: 'depends on the rest of the value',
  $dynamicRef: 'is resolved only while a value is read',
  $recursiveRef: 'is resolved only while a value is read',
}
