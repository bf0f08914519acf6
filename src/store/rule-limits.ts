import type { Capabilities } from '../engine/capabilities.ts'

/** Why the running engine cannot be held to a rule, in words; null where it can. */
export type RuleLimits = {
  /** To none at all. */
  readonly all: string | null
  readonly none: string | null
  readonly required: string | null
  readonly named: string | null
  readonly oneCall: string | null
  readonly strict: string | null
}

const NO_LIMITS: RuleLimits = {
  all: null,
  none: null,
  required: null,
  named: null,
  oneCall: null,
  strict: null,
}
const NOT_TAKEN = 'This server does not take it'

/** What answers cannot be held to, by the engine: with a grammar of ours to all, else to what its own tool calling takes. */
export function ruleLimits(capabilities: Capabilities | null): RuleLimits {
  if (!capabilities || capabilities.constraint) return NO_LIMITS
  const { chat, chatRules: can } = capabilities
  if (chat !== 'only') return { ...NO_LIMITS, all: 'This engine cannot hold a model to a grammar' }
  if (!can || !(can.none || can.required || can.named || can.oneCall))
    return { ...NO_LIMITS, all: 'This server takes no tool choice' }
  return {
    all: null,
    none: can.none ? null : NOT_TAKEN,
    required: can.required ? null : NOT_TAKEN,
    named: can.named ? null : 'This server takes a named tool for auto',
    oneCall: can.oneCall ? null : NOT_TAKEN,
    strict: 'In chat mode the server alone decides. Raw mode holds to it',
  }
}
