import type { CallKeys } from './call-reader.ts'

/** Cohere's names for the keys of a call. */
export const COHERE_KEYS: CallKeys = {
  name: 'tool_name',
  arguments: ['parameters'],
  other: ['tool_call_id'],
}
