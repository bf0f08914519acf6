import type { Automaton } from './automaton.ts'
import { type CharSet, union } from './char-set.ts'
import { atom, EMPTY, type Expression, inOrder, oneOf, repeated, sourceOf } from './expression.ts'
import type { Language } from './language.ts'

/** How the characters of a set are written, such as with JSON's escapes. */
export type Encode = (set: CharSet) => Expression

/** The rules of a grammar. Names are made of lower-case letters, digits and hyphens: all that llama.cpp and xgrammar share. */
export class GrammarWriter {
  private readonly rules = new Map<string, string>()
  private readonly shared = new Map<string, Expression>()

  /** A name that no other rule has, to be defined later. */
  reserve(hint: string): string {
    const base =
      hint
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^[-0-9]+|-+$/g, '') || 'rule'
    let name = base
    for (let count = 2; this.rules.has(name); count++) name = `${base}-${count}`
    this.rules.set(name, '')
    return name
  }

  define(name: string, body: Expression): Expression {
    this.rules.set(name, sourceOf(body))
    return atom(name)
  }

  /** Gives a reserved name back. */
  discard(name: string): void {
    this.rules.delete(name)
  }

  rule(hint: string, body: Expression): Expression {
    return this.define(this.reserve(hint), body)
  }

  /** A rule that is written once, however often it is asked for. */
  sharedRule(hint: string, body: () => Expression): Expression {
    const known = this.shared.get(hint)
    if (known) return known
    const made = this.rule(hint, body())
    this.shared.set(hint, made)
    return made
  }

  text(): string {
    return [...this.rules].map(([name, body]) => `${name} ::= ${body}`).join('\n') + '\n'
  }

  get size(): number {
    return this.rules.size
  }

  language(language: Language, encode: Encode): Expression {
    switch (language.type) {
      case 'chars':
        return encode(language.set)
      case 'sequence':
        return inOrder(language.parts.map((part) => this.language(part, encode)))
      case 'choice':
        return oneOf(language.options.map((option) => this.language(option, encode)))
      case 'repeat':
        return repeated(this.language(language.of, encode), language.least, language.most)
    }
  }

  /** A rule for each state that several edges lead to, `after` behind the end. */
  automaton(
    automaton: Automaton,
    { encode, hint }: { readonly encode: Encode; readonly hint: string },
  ): Expression {
    const incoming = automaton.map((_, index): number => (index === 0 ? 1 : 0))
    automaton.forEach(({ edges }) =>
      edges.forEach(({ to }) => (incoming[to] = (incoming[to] ?? 0) + 1)),
    )
    const names = new Map<number, string>()
    let depth = 0
    const refer = (state: number): Expression => {
      const known = names.get(state)
      if (known !== undefined) return atom(known)
      if (automaton[state]?.edges.length === 0) return EMPTY
      if ((incoming[state] ?? 0) < 2 && depth < MOST_NESTED) return body(state)
      const name = this.reserve(hint)
      names.set(state, name)
      return this.define(name, body(state))
    }
    const body = (state: number): Expression => {
      const { accepts = false, edges = [] } = automaton[state] ?? {}
      depth += 1
      const options = mergeTargets(edges).map(({ set, to }) => inOrder([encode(set), refer(to)]))
      depth -= 1
      return oneOf(accepts ? [...options, EMPTY] : options)
    }
    return refer(0)
  }
}

/** Of states written within each other. */
const MOST_NESTED = 12

function mergeTargets(edges: Automaton[number]['edges']): Automaton[number]['edges'] {
  const targets = new Map<number, CharSet>()
  for (const { set, to } of edges) targets.set(to, union([targets.get(to) ?? [], set]))
  return [...targets].map(([to, set]) => ({ set, to }))
}
