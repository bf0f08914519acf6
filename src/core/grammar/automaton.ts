import {
  complement as complementOf,
  hasChar,
  intersect,
  partition,
  union,
  type CharSet,
} from './char-set.ts'
import type { Language } from './language.ts'

/** A deterministic finite automaton; it starts in state 0. What no edge allows is no text of the language. */
export type Automaton = readonly AutomatonState[]
export type AutomatonState = { readonly accepts: boolean; readonly edges: readonly Edge[] }
export type Edge = { readonly set: CharSet; readonly to: number }

/** Thrown where an automaton would become too large to be a grammar. */
export class TooLargeError extends Error {}

const MOST_STATES = 600
/** Before repeats are counted out: `.{500}` has 500. */
const MOST_POSITIONS = 3000

/** Throws `TooLargeError`. */
export function automatonOf(language: Language): Automaton {
  const machine = new Machine()
  const end = machine.addState()
  const start = machine.add(language, end)
  return minimize(determinize(machine, { start, end }))
}

/** Texts of both. Throws `TooLargeError`. */
export function intersection(a: Automaton, b: Automaton): Automaton {
  return minimize(product([a, b], (accepts) => accepts.every(Boolean)))
}

/** Texts of `a` that are none of `b`'s. Throws `TooLargeError`. */
export function difference(a: Automaton, b: Automaton): Automaton {
  return minimize(product([a, total(b)], ([inA, inB]) => inA === true && inB !== true))
}

export function isNothing(automaton: Automaton): boolean {
  return !automaton.some(({ accepts }) => accepts)
}

/** Everything that may stand before `end` without ending earlier: the first `end` in text and `end` together is the last. */
export function textBefore(end: string): Automaton {
  const free = withoutTexts([end])
  const codes = Array.from(end, (char) => char.codePointAt(0) ?? 0).slice(0, -1)
  const states = free.map(({ edges }, index) => {
    let place: number | undefined = index
    for (const code of codes) {
      place = place === undefined ? undefined : nextState(free, place, code)
    }
    return { accepts: place !== undefined, edges }
  })
  return minimize(states)
}

function nextState(automaton: Automaton, state: number, code: number): number | undefined {
  return automaton[state]?.edges.find(({ set }) => hasChar(set, code))?.to
}

/** Everything that contains none of `texts`. */
export function withoutTexts(texts: readonly string[]): Automaton {
  const tries = texts.map((text) => Array.from(text, (char) => char.codePointAt(0) ?? 0))
  const alphabet = partition(tries.flat().map((code): CharSet => [[code, code]]))
  const rest = complementOf(union(alphabet))
  const states: { accepts: boolean; edges: Edge[] }[] = []
  const numbers = new Map<string, number>()
  const waiting: (readonly number[])[] = []
  // A state is how far each of the texts has been read.
  const numberOf = (progress: readonly number[]): number => {
    const key = progress.join(' ')
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, states.length)
    states.push({ accepts: true, edges: [] })
    waiting.push(progress)
    return states.length - 1
  }
  numberOf(tries.map(() => 0))
  for (let index = 0; index < waiting.length; index++) {
    const progress = waiting[index] ?? []
    const edges = states[index]?.edges
    for (const set of alphabet) {
      const code = set[0]?.[0] ?? 0
      const next = tries.map((codes, place) => advance(codes, progress[place] ?? 0, code))
      if (next.some((length, place) => length === tries[place]?.length)) continue
      edges?.push({ set, to: numberOf(next) })
    }
    if (rest.length > 0) edges?.push({ set: rest, to: 0 })
  }
  return minimize(states)
}

/** The longest beginning of `codes` that the text ends with, after one more character. */
function advance(codes: readonly number[], length: number, code: number): number {
  const seen = [...codes.slice(0, length), code]
  for (let size = Math.min(seen.length, codes.length); size > 0; size--) {
    if (codes.slice(0, size).every((own, at) => own === seen[seen.length - size + at])) return size
  }
  return 0
}

/** Thompson's construction, from the end backwards. */
class Machine {
  readonly jumps: (readonly number[])[] = []
  readonly edges: (Edge | null)[] = []

  addState(edge: Edge | null = null, jumps: readonly number[] = []): number {
    if (this.edges.length >= MOST_POSITIONS) throw new TooLargeError('too many positions')
    this.edges.push(edge)
    this.jumps.push(jumps)
    return this.edges.length - 1
  }

  /** A state from which the language leads to `next`. */
  add(language: Language, next: number): number {
    switch (language.type) {
      case 'chars':
        return this.addState({ set: language.set, to: next })
      case 'sequence':
        return language.parts.reduceRight((after, part) => this.add(part, after), next)
      case 'choice':
        return this.addState(
          null,
          language.options.map((option) => this.add(option, next)),
        )
      case 'repeat': {
        let after = next
        if (language.most === null) {
          const loop = this.addState()
          this.jumps[loop] = [this.add(language.of, loop), next]
          after = loop
        } else {
          for (let count = language.least; count < language.most; count++) {
            after = this.addState(null, [this.add(language.of, after), next])
          }
        }
        for (let count = 0; count < language.least; count++) after = this.add(language.of, after)
        return after
      }
    }
  }

  closure(states: readonly number[]): readonly number[] {
    const found = new Set(states)
    for (const state of found) for (const jump of this.jumps[state] ?? []) found.add(jump)
    return [...found]
      .filter((state) => this.edges[state] !== null || state === 0)
      .toSorted((a, b) => a - b)
  }
}

function determinize(
  machine: Machine,
  { start, end }: { readonly start: number; readonly end: number },
): Automaton {
  const states: AutomatonState[] = []
  const members: (readonly number[])[] = []
  const numbers = new Map<string, number>()
  const numberOf = (set: readonly number[]): number => {
    const key = set.join(' ')
    const known = numbers.get(key)
    if (known !== undefined) return known
    if (members.length >= MOST_STATES) throw new TooLargeError('too many states')
    numbers.set(key, members.length)
    members.push(set)
    return members.length - 1
  }
  numberOf(machine.closure([start]))
  for (let index = 0; index < members.length; index++) {
    const set = members[index] ?? []
    const outgoing = set.flatMap((state) => machine.edges[state] ?? [])
    const edges = partition(outgoing.map((edge) => edge.set)).map((part) => {
      const targets = outgoing.filter((edge) => intersect(edge.set, part).length > 0)
      return { set: part, to: numberOf(machine.closure(targets.map(({ to }) => to))) }
    })
    states.push({ accepts: set.includes(end), edges })
  }
  return states
}

function product(
  [a, b]: readonly [Automaton, Automaton],
  accepts: (each: readonly boolean[]) => boolean,
): Automaton {
  const states: AutomatonState[] = []
  const pairs: (readonly [number, number])[] = []
  const numbers = new Map<string, number>()
  const numberOf = (pair: readonly [number, number]): number => {
    const key = pair.join(' ')
    const known = numbers.get(key)
    if (known !== undefined) return known
    if (pairs.length >= MOST_STATES * 4) throw new TooLargeError('too many states')
    numbers.set(key, pairs.length)
    pairs.push(pair)
    return pairs.length - 1
  }
  numberOf([0, 0])
  for (let index = 0; index < pairs.length; index++) {
    const [placeA, placeB] = pairs[index] ?? [0, 0]
    const [stateA, stateB] = [a[placeA], b[placeB]]
    const edges = (stateA?.edges ?? []).flatMap((edgeA) =>
      (stateB?.edges ?? []).flatMap((edgeB) => {
        const set = intersect(edgeA.set, edgeB.set)
        return set.length === 0 ? [] : [{ set, to: numberOf([edgeA.to, edgeB.to]) }]
      }),
    )
    states.push({ accepts: accepts([stateA?.accepts ?? false, stateB?.accepts ?? false]), edges })
  }
  return states
}

/** The same language with an edge for every character everywhere. */
function total(automaton: Automaton): Automaton {
  const sink = automaton.length
  const states = automaton.map((state) => {
    const rest = complementOf(union(state.edges.map(({ set }) => set)))
    return rest.length === 0
      ? state
      : { ...state, edges: [...state.edges, { set: rest, to: sink }] }
  })
  return [...states, { accepts: false, edges: [{ set: complementOf([]), to: sink }] }]
}

/** Without dead states, equal ones merged (Moore), numbered in the order in which they are met. */
function minimize(automaton: Automaton): Automaton {
  const live = liveStates(automaton)
  let blocks = automaton.map(({ accepts }, state): number =>
    live.has(state) ? (accepts ? 1 : 2) : 0,
  )
  for (let count = new Set(blocks).size; ;) {
    const keys = new Map<string, number>()
    const next = automaton.map(({ edges }, state) => {
      if (!live.has(state)) return 0
      const moves = mergedEdges(edges, blocks)
        .map(({ set, to }) => `${to}:${set.join(';')}`)
        .join('|')
      const key = `${blocks[state] ?? 0}/${moves}`
      const known = keys.get(key) ?? keys.size + 1
      keys.set(key, known)
      return known
    })
    blocks = next
    const size = new Set(blocks).size
    if (size === count) break
    count = size
  }
  return renumber(automaton, blocks)
}

function renumber(automaton: Automaton, blocks: readonly number[]): Automaton {
  const order = [blocks[0] ?? 0]
  const states: AutomatonState[] = []
  for (let index = 0; index < order.length; index++) {
    const state = automaton[blocks.indexOf(order[index] ?? 0)]
    if (order[index] === 0 || !state) {
      states.push({ accepts: false, edges: [] })
      continue
    }
    const edges = mergedEdges(state.edges, blocks).map(({ set, to }) => {
      if (!order.includes(to)) order.push(to)
      return { set, to: order.indexOf(to) }
    })
    states.push({ accepts: state.accepts, edges })
  }
  return states
}

/** Edges by block, those into dead states dropped. */
function mergedEdges(edges: readonly Edge[], blocks: readonly number[]): readonly Edge[] {
  const sets = new Map<number, CharSet[]>()
  for (const { set, to } of edges) {
    const block = blocks[to] ?? 0
    if (block !== 0) sets.set(block, [...(sets.get(block) ?? []), set])
  }
  return [...sets]
    .map(([to, each]) => ({ set: union(each), to }))
    .toSorted((a, b) => (a.set[0]?.[0] ?? 0) - (b.set[0]?.[0] ?? 0))
}

/** States from which the end of a text can be reached. */
function liveStates(automaton: Automaton): ReadonlySet<number> {
  const sources = automaton.map((): number[] => [])
  automaton.forEach(({ edges }, from) => edges.forEach(({ to }) => sources[to]?.push(from)))
  const live = new Set(automaton.flatMap(({ accepts }, state) => (accepts ? [state] : [])))
  for (const state of live) for (const source of sources[state] ?? []) live.add(source)
  return live
}
