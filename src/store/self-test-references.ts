import { isJsonObject } from '../core/lib/json.ts'
import type { TokenAlternative } from '../core/chat/token-info.ts'
import type { SelfTestReference } from '../engine/self-test.ts'
import type { KeyValues } from './deps.ts'

const KEY = 'callground:selfTestReferences'
const VERSION = 1
/** The models of the last weeks; each takes about 3 kB. */
const MOST_REFERENCES = 12

/** What the CPU computed of models that ran here, newest first: so that it is computed once for each. */
export function readReferences(values: Pick<KeyValues, 'read'>): readonly SelfTestReference[] {
  const text = values.read(KEY)
  if (text === null) return []
  try {
    const saved: unknown = JSON.parse(text)
    if (!isJsonObject(saved) || saved['version'] !== VERSION) return []
    return list(saved['value']).filter(isReference)
  } catch {
    // Not ours, or cut off: it is computed again.
    return []
  }
}

export function keepReference(
  values: Pick<KeyValues, 'read' | 'write'>,
  reference: SelfTestReference,
): void {
  const others = readReferences(values).filter(
    ({ fingerprint }) => fingerprint !== reference.fingerprint,
  )
  const value = [reference, ...others].slice(0, MOST_REFERENCES)
  values.write(KEY, JSON.stringify({ version: VERSION, value }))
}

function isReference(value: unknown): value is SelfTestReference {
  if (!isJsonObject(value) || typeof value['fingerprint'] !== 'string') return false
  const positions = value['positions']
  return (
    Array.isArray(positions) &&
    positions.every((place) => Array.isArray(place) && place.every(isToken))
  )
}

function isToken(value: unknown): value is TokenAlternative {
  if (!isJsonObject(value)) return false
  const { id, text, logprob } = value
  return (
    (id === null || typeof id === 'number') &&
    typeof text === 'string' &&
    typeof logprob === 'number'
  )
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
