import {
  automatonOf,
  difference,
  intersection,
  isNothing,
  TooLargeError,
  type Automaton,
} from './automaton.ts'
import { objectRule, type ObjectParts } from './key-order.ts'
import type { Expression } from './expression.ts'
import { anyText, text, choice } from './language.ts'
import { otherTexts, type ObjectNotation, type TextRule } from './notation.ts'
import { readPattern } from './read-pattern.ts'
import type { SchemaCompiler } from './schema-compiler.ts'
import type { Flat, ObjectPlace, Place } from './schema-places.ts'
import { inOrder, literal } from './expression.ts'

export type ObjectContext = {
  readonly flat: Flat
  readonly notation: ObjectNotation
  readonly hint: string
}

/** Keys in any order, the required ones enforced, each at most once; see `key-order.ts` for large objects. */
export function compileObject(compiler: SchemaCompiler, context: ObjectContext): Expression | null {
  const { flat, notation, hint } = context
  const { places } = compiler
  compiler.reportGaps(flat, {
    dependentSchemas: 'depends on which keys are there',
    dependencies: 'depends on which keys are there',
    unevaluatedProperties: 'depends on the other schemas',
    propertyNames: 'is checked only for the names in properties',
  })
  const required = new Set(flat.flatMap((place) => names(places.read(place, 'required'))))
  const declared = new Set([
    ...flat.flatMap((place) => [...places.children(place, 'properties').keys()]),
    ...required,
  ])
  const keys = []
  for (const name of declared) {
    const isRequired = required.has(name)
    const value = compiler.value(placesOfKey(compiler, flat, name), notation.value)
    if (value) keys.push({ name, isRequired, pair: pairOf(notation, notation.key(name), value) })
    else if (isRequired) return null
  }
  const parts: ObjectParts = {
    keys,
    extras: extraPairs(compiler, context, [...declared]),
    ...keyCounts(compiler, flat),
    dependents: dependentsOf(compiler, flat),
  }
  return objectRule(compiler, { parts, flat, notation, hint })
}

function pairOf(notation: ObjectNotation, key: Expression, value: Expression): Expression {
  return inOrder([key, value, literal(notation.after)])
}

/** All schemas that hold for the value of a declared key. */
function placesOfKey({ places }: SchemaCompiler, flat: Flat, name: string): readonly Place[] {
  return flat.flatMap((place) => {
    const own = places.children(place, 'properties').get(name)
    const matching = patternsOf({ places }, place).filter(({ pattern }) =>
      new RegExp(pattern, 'u').test(name),
    )
    const found = [...(own ? [own] : []), ...matching.map((entry) => entry.place)]
    if (found.length > 0) return found
    const additional = places.child(place, 'additionalProperties')
    return additional ? [additional] : []
  })
}

function patternsOf({ places }: Pick<SchemaCompiler, 'places'>, place: ObjectPlace) {
  return [...places.children(place, 'patternProperties')].flatMap(([source, child]) => {
    try {
      return [{ pattern: new RegExp(source, 'u').source, place: child }]
    } catch {
      return []
    }
  })
}

/**
 * Pairs with keys that no `properties` names.
 *
 * Where nothing is said about them they are left out: the validator lets them pass with a warning, as the tool does not know them.
 */
function extraPairs(
  compiler: SchemaCompiler,
  { flat, notation, hint }: ObjectContext,
  declared: readonly string[],
): readonly Expression[] {
  const { places } = compiler
  const says = (keyword: string) => flat.some((place) => places.read(place, keyword) !== undefined)
  const saysMore =
    says('additionalProperties') || says('patternProperties') || says('unevaluatedProperties')
  if (says('properties') && !saysMore) return []
  const additional = flat.flatMap((place) => places.child(place, 'additionalProperties') ?? [])
  const patterns = flat.flatMap((place) => patternsOf(compiler, place))
  try {
    return patterns.length === 0
      ? pairsFor(compiler, { notation, hint, rule: otherTexts(declared), places: additional })
      : patternPairs(compiler, { flat, notation, hint }, declared)
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error
    for (const place of flat) {
      if (places.read(place, 'patternProperties') !== undefined)
        compiler.report(place, 'patternProperties', {
          why: 'is too large for a grammar: no such key can be written',
          effect: 'narrower',
        })
    }
    return []
  }
}

type Pairs = {
  readonly notation: ObjectNotation
  readonly hint: string
  readonly rule: TextRule
  readonly places: readonly Place[]
}

function pairsFor(
  compiler: SchemaCompiler,
  { notation, hint, rule, places }: Pairs,
): readonly Expression[] {
  const value = compiler.value(places, notation.value)
  return value ? [pairOf(notation, notation.anyKey(rule, `${hint}-key`), value)] : []
}

/** One pair for each set of patterns that a key may match at once. */
function patternPairs(
  compiler: SchemaCompiler,
  { flat, notation, hint }: ObjectContext,
  declared: readonly string[],
): readonly Expression[] {
  const patterns = flat.flatMap((owner) =>
    patternsOf(compiler, owner).map((entry) => ({ ...entry, owner })),
  )
  let classes: readonly { readonly keys: Automaton; readonly matched: ReadonlySet<Place> }[] = [
    {
      keys: difference(automatonOf(anyText()), automatonOf(choice(declared.map(text)))),
      matched: new Set(),
    },
  ]
  for (const { pattern, place, owner } of patterns) {
    const language = readPattern(pattern)
    if ('unsupported' in language) {
      compiler.report(owner, 'patternProperties', {
        why: `has ${language.unsupported}: no such key can be written`,
        effect: 'narrower',
      })
      return []
    }
    const matching = automatonOf(language)
    classes = classes.flatMap(({ keys, matched }) => [
      { keys: intersection(keys, matching), matched: new Set([...matched, place]) },
      { keys: difference(keys, matching), matched },
    ])
    classes = classes.filter(({ keys }) => !isNothing(keys))
  }
  return classes.flatMap(({ keys, matched }) => {
    const places = flat.flatMap((owner) => {
      const own = patterns.filter((entry) => entry.owner === owner && matched.has(entry.place))
      if (own.length > 0) return own.map(({ place }) => place)
      return compiler.places.child(owner, 'additionalProperties') ?? []
    })
    return pairsFor(compiler, {
      notation,
      hint,
      rule: { type: 'automaton', automaton: keys },
      places,
    })
  })
}

function keyCounts({ places }: SchemaCompiler, flat: Flat): Pick<ObjectParts, 'least' | 'most'> {
  const read = (keyword: string) =>
    flat.flatMap((place) => {
      const count = places.read(place, keyword)
      return typeof count === 'number' ? [count] : []
    })
  const limits = read('maxProperties')
  return {
    least: Math.max(0, ...read('minProperties')),
    most: limits.length === 0 ? null : Math.min(...limits),
  }
}

function dependentsOf({ places }: SchemaCompiler, flat: Flat): ObjectParts['dependents'] {
  return flat.flatMap((place) => {
    const value = places.read(place, 'dependentRequired')
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
    return entries.map(([key, needed]) => ({ key, needs: names(needed) }))
  })
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}
