import { isJsonObject } from '../lib/json.ts'

/** Which tools the model is to call: as it likes, none, at least one, or the one of this name. */
export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string }

/** What an answer is held to. */
export type CallRules = {
  readonly choice: ToolChoice
  /** Several calls in one answer. */
  readonly parallel: boolean
  /** Arguments that the tool's schema allows. Else they are only well-formed. */
  readonly strict: boolean
}

/** As if there were no rules: a model under these is not held to anything. */
export const NO_RULES: CallRules = { choice: { type: 'auto' }, parallel: true, strict: false }

export function hasRules({ choice, parallel, strict }: CallRules): boolean {
  return choice.type !== 'auto' || !parallel || strict
}

/** What was saved; undefined when it cannot be read. */
export function readCallRules(value: unknown): CallRules | undefined {
  if (!isJsonObject(value)) return undefined
  const { choice, parallel, strict } = value
  if (typeof parallel !== 'boolean' || typeof strict !== 'boolean') return undefined
  const read = readChoice(choice)
  return read && { choice: read, parallel, strict }
}

function readChoice(value: unknown): ToolChoice | undefined {
  if (!isJsonObject(value)) return undefined
  const { type, name } = value
  if (type === 'tool') return typeof name === 'string' ? { type, name } : undefined
  return type === 'auto' || type === 'none' || type === 'required' ? { type } : undefined
}
