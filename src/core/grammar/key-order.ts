import { atom, EMPTY, type Expression, inOrder, literal, oneOf, sourceOf } from './expression.ts'
import type { ObjectNotation } from './notation.ts'
import type { SchemaCompiler } from './schema-compiler.ts'
import type { Flat } from './schema-places.ts'

export type ObjectParts = {
  readonly keys: readonly {
    readonly name: string
    readonly isRequired: boolean
    readonly pair: Expression
  }[]
  /** Pairs with other keys, any number of them. */
  readonly extras: readonly Expression[]
  /** How many keys there may be. */
  readonly least: number
  readonly most: number | null
  readonly dependents: readonly { readonly key: string; readonly needs: readonly string[] }[]
}

export type ObjectShape = {
  readonly parts: ObjectParts
  readonly flat: Flat
  readonly notation: ObjectNotation
  readonly hint: string
}

/** With 7 keys there are 128 sets of keys, each a rule. */
const MOST_TRACKED = 7

/**
 * An object, its keys in any order.
 *
 * There is a rule for each set of keys that are there already, which says what may follow. As their number doubles with each key, in an
 * object of more than 7 only the required ones are tracked, so that an optional one could be written twice (the last counts). Of more
 * than 7 required ones the rest come in the order of the definition.
 */
export function objectRule(compiler: SchemaCompiler, shape: ObjectShape): Expression | null {
  const { parts } = shape
  if (parts.keys.length <= MOST_TRACKED) return trackedRule(compiler, shape)
  const required = parts.keys.filter(({ isRequired }) => isRequired)
  const optional = parts.keys.filter(({ isRequired }) => !isRequired).map(({ pair }) => pair)
  reportUntracked(compiler, shape)
  const first = required.slice(0, MOST_TRACKED)
  const later = required.slice(MOST_TRACKED)
  const [place] = shape.flat
  if (later.length > 0 && place) {
    const why = `names more than ${MOST_TRACKED} keys: from the ${MOST_TRACKED + 1}th on they come in this order, after the others`
    compiler.report(place, 'required', { why, effect: 'narrower' })
  }
  const extras = [...optional, ...parts.extras]
  return trackedRule(
    compiler,
    {
      ...shape,
      parts: { ...parts, keys: first, extras, least: 0, most: null, dependents: [] },
    },
    later.map(({ pair }) => pair),
  )
}

/** `later`: pairs that follow in this order once all keys are there. */
function trackedRule(
  compiler: SchemaCompiler,
  shape: ObjectShape,
  later: readonly Expression[] = [],
): Expression | null {
  const { parts, notation, hint } = shape
  const { writer } = compiler
  const pairs = parts.keys.map(({ name, pair }) => named(compiler, `${hint}-${name}`, pair))
  const extras = parts.extras.map((pair, index) =>
    named(compiler, `${hint}-other-${index + 1}`, pair),
  )
  const close = literal(notation.close)
  const full = 2 ** pairs.length - 1
  const rules = new Map<string, Expression>()
  const isTrackingCounts = extras.length === 0
  if (!isTrackingCounts) reportCounts(compiler, shape)
  const most = isTrackingCounts
    ? (parts.most ?? Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY
  if (parts.keys.filter(({ isRequired }) => isRequired).length > most) return null

  const has = (mask: number, index: number) => Math.floor(mask / 2 ** index) % 2 === 1
  const canEnd = (mask: number, done: number) => {
    const given = parts.keys.flatMap(({ name }, index) => (has(mask, index) ? [name] : []))
    if (
      done < later.length ||
      parts.keys.some(({ isRequired }, index) => isRequired && !has(mask, index))
    )
      return false
    if (isTrackingCounts && given.length < parts.least) return false
    return parts.dependents.every(
      ({ key, needs }) => !given.includes(key) || needs.every((name) => given.includes(name)),
    )
  }

  /** What may follow; null when the object can never be ended from here. */
  const after = (mask: number, done: number, isFirst: boolean): Expression | null => {
    const separator = isFirst ? EMPTY : literal(notation.separator)
    const options: Expression[] = []
    const go = (pair: Expression, [nextMask, nextDone]: readonly [number, number]) => {
      const next = follow(nextMask, nextDone)
      if (next) options.push(inOrder([separator, pair, next]))
    }
    pairs.forEach((pair, index) => {
      if (!has(mask, index) && countOf(mask) < most) go(pair, [mask + 2 ** index, done])
    })
    const nextLater = later[done]
    if (mask === full && nextLater) go(nextLater, [mask, done + 1])
    for (const pair of extras) go(pair, [mask, done])
    if (canEnd(mask, done)) options.push(close)
    return options.length === 0 ? null : oneOf(options)
  }

  const follow = (mask: number, done: number): Expression | null => {
    const key = `${mask} ${done}`
    const known = rules.get(key)
    if (known) return known
    if (isTrackingCounts && countOf(mask) > most) return null
    const name = writer.reserve(`${hint}-next`)
    // Pairs with other keys lead back here.
    if (extras.length > 0) rules.set(key, atom(name))
    const body = after(mask, done, false)
    if (!body) {
      writer.discard(name)
      return null
    }
    const isShort = extras.length === 0 && sourceOf(body).length < 30
    if (isShort) writer.discard(name)
    const made = isShort ? body : writer.define(name, body)
    rules.set(key, made)
    return made
  }

  const body = after(0, 0, true)
  return body && inOrder([literal(notation.open), body])
}

function countOf(mask: number): number {
  return mask.toString(2).replaceAll('0', '').length
}

/** A pair stands in many rules. */
function named({ writer }: SchemaCompiler, hint: string, pair: Expression): Expression {
  return sourceOf(pair).length > 24 ? writer.rule(hint.slice(0, 48), pair) : pair
}

function reportCounts(compiler: SchemaCompiler, { flat }: ObjectShape): void {
  for (const place of flat) {
    for (const keyword of ['minProperties', 'maxProperties', 'dependentRequired']) {
      const value = compiler.places.read(place, keyword)
      if (value === undefined || value === 0) continue
      if (keyword === 'dependentRequired') continue
      compiler.report(place, keyword, {
        why: 'is not counted where other keys are allowed',
        effect: 'looser',
      })
    }
  }
}

function reportUntracked(compiler: SchemaCompiler, { flat }: ObjectShape): void {
  for (const place of flat) {
    for (const keyword of ['minProperties', 'maxProperties', 'dependentRequired']) {
      if (compiler.places.read(place, keyword) !== undefined)
        compiler.report(place, keyword, {
          why: `is not counted beside more than ${MOST_TRACKED} keys`,
          effect: 'looser',
        })
    }
  }
}
