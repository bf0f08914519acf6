import type { JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'

/** A value in the arguments, with the place where it is written. */
export type ArgumentNode = {
  readonly start: number
  /** -1 while it is written. */
  readonly end: number
  /** Undefined while it is written. */
  readonly value: JsonValue | undefined
  /** Null for what has no members. */
  readonly members: readonly ArgumentMember[] | null
}

export type ArgumentMember = {
  /** Null for an item of a list. */
  readonly key: string | null
  readonly keySpan: Span
  /** Null until the value begins. */
  readonly node: ArgumentNode | null
}

type Kind = 'object' | 'array' | 'group'
type Draft = {
  readonly kind: Kind | 'scalar'
  readonly start: number
  end: number
  value: JsonValue | undefined
  hasComma: boolean
  readonly members: DraftMember[] | null
}
type DraftMember = {
  readonly key: string | null
  readonly keySpan: Span
  node: Draft | null
}

const NONE = -1
/** Deeper arguments are refused: whoever walks the value later (validator, table) may recurse. */
export const MAX_DEPTH = 1000

/**
 * Builds the value of arguments, and where each part of it stands, from what a scanner finds.
 *
 * A `group` is what Python's parentheses hold: its only item, or with a comma a list.
 */
export class TreeBuilder {
  private top: Draft | null = null
  private readonly stack: Draft[] = []
  private scalar: Draft | null = null

  get root(): ArgumentNode | null {
    return this.top
  }

  get depth(): number {
    return this.stack.length
  }

  /** What is open; null before the root and after it. */
  get kind(): Kind | null {
    const kind = this.stack.at(-1)?.kind
    return kind === undefined || kind === 'scalar' ? null : kind
  }

  open(kind: Kind, start: number): void {
    const draft: Draft = {
      kind,
      start,
      end: NONE,
      value: undefined,
      hasComma: false,
      members: [],
    }
    this.place(draft)
    this.stack.push(draft)
  }

  /** A comma in what is open: it tells a list of one item from a group. */
  comma(): void {
    const draft = this.stack.at(-1)
    if (draft) draft.hasComma = true
  }

  close(end: number): void {
    const draft = this.stack.pop()
    if (!draft?.members) return
    draft.end = end
    draft.value = valueOf(draft)
  }

  key(key: string, keySpan: Span): void {
    this.stack.at(-1)?.members?.push({ key, keySpan, node: null })
  }

  begin(start: number): void {
    this.scalar = {
      kind: 'scalar',
      start,
      end: NONE,
      value: undefined,
      hasComma: false,
      members: null,
    }
    this.place(this.scalar)
  }

  finish(value: JsonValue, end: number): void {
    if (this.scalar === null) return
    this.scalar.value = value
    this.scalar.end = end
    this.scalar = null
  }

  private place(draft: Draft): void {
    const parent = this.stack.at(-1)
    if (!parent) {
      this.top = draft
      return
    }
    const keySpan = { start: draft.start, end: draft.start }
    if (parent.kind !== 'object') parent.members?.push({ key: null, keySpan, node: draft })
    else {
      const member = parent.members?.at(-1)
      if (member) member.node = draft
    }
  }
}

function valueOf({ kind, members, hasComma }: Draft): JsonValue {
  const all = members ?? []
  if (kind === 'object') {
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(all.map(({ key, node }) => [key ?? '', node?.value ?? null]))
  }
  if (kind === 'group' && all.length === 1 && !hasComma) return all[0]?.node?.value ?? null
  return all.map(({ node }) => node?.value ?? null)
}
