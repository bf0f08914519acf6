import { nameBy, type CallHead } from './call-head.ts'
import type { ReasoningMarkers } from './format.ts'
import type { OutputGrammar } from './output-state.ts'

/** Magistral's. */
export const MISTRAL_REASONING: readonly ReasoningMarkers[] = [
  { open: '[THINK]', close: '[/THINK]' },
]
export const MISTRAL_TOKENS: readonly string[] = [
  '[TOOL_CALLS]',
  '[CALL_ID]',
  '[ARGS]',
  '[THINK]',
  '[/THINK]',
  '<think>',
  '</think>',
]

const HEAD: CallHead = {
  ends: ['[ARGS]'],
  expected: 'a JSON array of calls, or a name and "[ARGS]"',
  read: nameBy(/^(\[TOOL_CALLS\]\s*)([^\s[\]]+)\s*(?:\[CALL_ID\][^[\]]*)?(?:\[ARGS\])?\s*$/),
}

/** All tokenizer versions have the same marker, and models of one sometimes write as those of another do. */
export const MISTRAL_GRAMMAR: OutputGrammar = {
  containers: [{ open: '[TOOL_CALLS]', close: null, otherwise: 'invalid', head: HEAD }],
  readsBareJson: false,
  reasoning: MISTRAL_REASONING,
}
