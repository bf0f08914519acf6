import { EMPTY, type Expression, inOrder, literal, oneOf, repeated } from './expression.ts'
import type { Notation } from './notation.ts'
import type { SchemaCompiler } from './schema-compiler.ts'
import type { Flat, ObjectPlace, Place } from './schema-places.ts'

/** Longer limits cost the engine more than they give. */
const MOST_COUNTED = 200

export type ListContext = {
  readonly flat: Flat
  readonly notation: Notation
  readonly hint: string
}

export function compileList(
  compiler: SchemaCompiler,
  { flat, notation }: ListContext,
): Expression | null {
  const least = counts(compiler, flat, 'minItems').reduce((a, b) => Math.max(a, b), 0)
  const limits = counts(compiler, flat, 'maxItems')
  const most = limits.length === 0 ? null : Math.min(...limits)
  reportGaps(compiler, flat, most)
  const tuples = flat.map((place) => tupleOf(compiler, place))
  const fixed = Math.max(0, ...tuples.map(({ items }) => items.length))
  const { open, separator, close } = notation.list

  // How many items there may be ends where one of them is impossible.
  const leading: Expression[] = []
  let end = most
  for (let index = 0; index < Math.min(fixed, most ?? fixed); index++) {
    const item = compiler.value(itemPlaces(tuples, index), notation.inner)
    if (!item) {
      end = index
      break
    }
    leading.push(item)
  }
  let rest: Expression | null = null
  if (end === null || end > leading.length) {
    rest = compiler.value(itemPlaces(tuples, fixed), notation.inner)
    if (!rest) end = leading.length
  }
  if (end !== null && least > end) return null
  const items = itemsFrom({ leading, rest, least, most: end, separator })
  return inOrder([literal(open), items, literal(close)])
}

type Items = {
  readonly leading: readonly Expression[]
  readonly rest: Expression | null
  readonly least: number
  readonly most: number | null
  readonly separator: string
}

function itemsFrom({ leading, rest, least, most, separator }: Items): Expression {
  const between = literal(separator)
  const after = (place: number): Expression => {
    const more =
      rest &&
      repeated(
        place === 0 ? rest : inOrder([between, rest]),
        Math.max(0, least - place),
        most === null ? null : most - place,
      )
    return more ?? EMPTY
  }
  const from = (place: number): Expression => {
    const item = leading[place]
    if (most === place) return EMPTY
    if (!item) {
      if (place > 0 || !rest) return after(place)
      const one = inOrder([
        rest,
        repeated(inOrder([between, rest]), Math.max(0, least - 1), most === null ? null : most - 1),
      ])
      return least === 0 ? oneOf([one, EMPTY]) : one
    }
    const one = inOrder([...(place > 0 ? [between] : []), item, from(place + 1)])
    return place >= least ? oneOf([one, EMPTY]) : one
  }
  return from(0)
}

type Tuple = { readonly items: readonly Place[]; readonly rest: Place | null }

function tupleOf({ places }: SchemaCompiler, place: ObjectPlace): Tuple {
  const prefix = [...places.children(place, 'prefixItems').values()]
  if (Array.isArray(place.schema['prefixItems']))
    return {
      items: prefix,
      rest: Array.isArray(place.schema['items']) ? null : places.child(place, 'items'),
    }
  if (!Array.isArray(place.schema['items']))
    return { items: [], rest: places.child(place, 'items') }
  return {
    items: [...places.children(place, 'items').values()],
    rest: places.child(place, 'additionalItems'),
  }
}

function itemPlaces(tuples: readonly Tuple[], index: number): readonly Place[] {
  return tuples.flatMap(({ items, rest }) => items[index] ?? rest ?? [])
}

function counts(compiler: SchemaCompiler, flat: Flat, keyword: string): readonly number[] {
  return flat.flatMap((place) => {
    const count = compiler.places.read(place, keyword)
    if (typeof count !== 'number') return []
    if (count <= MOST_COUNTED) return [count]
    compiler.report(place, keyword, {
      why: `is above ${MOST_COUNTED}, more than is counted`,
      effect: 'looser',
    })
    return []
  })
}

function reportGaps(compiler: SchemaCompiler, flat: Flat, most: number | null): void {
  compiler.reportGaps(flat, {
    contains: 'asks for one item among others',
    unevaluatedItems: 'depends on the other schemas',
  })
  for (const place of flat) {
    if (place.schema['uniqueItems'] === true && (most === null || most > 1))
      compiler.report(place, 'uniqueItems', {
        why: 'would have to remember every item',
        effect: 'looser',
      })
  }
}
