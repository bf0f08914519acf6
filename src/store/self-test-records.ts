import type { TokenAlternative } from '../core/chat/token-info.ts'
import { isJsonObject } from '../core/lib/json.ts'
import type { GpuFailure, SelfTest, SelfTestReference } from '../engine/self-test.ts'
import type { KeyValues } from './deps.ts'

const VERSION = 1
/** The models of the last weeks; a reference takes about 3 kB. */
const MOST_RECORDS = 12

type Reading = Pick<KeyValues, 'read'>
type Writing = Pick<KeyValues, 'read' | 'write'>
type Kind<Entry> = {
  readonly key: string
  readonly isEntry: (value: unknown) => value is Entry
  readonly isSame: (left: Entry, right: Entry) => boolean
}

const REFERENCES: Kind<SelfTestReference> = {
  key: 'callground:selfTestReferences',
  isEntry: isReference,
  isSame: (left, right) => left.fingerprint === right.fingerprint,
}

const FAILURES: Kind<GpuFailure> = {
  key: 'callground:gpuFailures',
  isEntry: isFailure,
  isSame: (left, right) =>
    left.fingerprint === right.fingerprint &&
    left.adapter === right.adapter &&
    left.engineVersion === right.engineVersion,
}

/** What the CPU computed of models that ran here, newest first: so that it is computed once for each. */
export const readReferences = (values: Reading) => readAll(values, REFERENCES)

export function keepReference(values: Writing, reference: SelfTestReference): void {
  keep(values, REFERENCES, reference)
}

/** The GPUs that computed wrong numbers for a model, newest first: none is tried again at each load. */
export const readGpuFailures = (values: Reading) => readAll(values, FAILURES)

/** False when it was known before. */
export function keepGpuFailure(values: Writing, failure: GpuFailure): boolean {
  const isNew = !readGpuFailures(values).some((known) => FAILURES.isSame(known, failure))
  keep(values, FAILURES, failure)
  return isNew
}

/** Then the next load tries this GPU again. */
export function forgetGpuFailure(values: Writing, failure: GpuFailure): void {
  writeAll(values, FAILURES, others(values, FAILURES, failure))
}

function keep<Entry>(values: Writing, kind: Kind<Entry>, entry: Entry): void {
  writeAll(values, kind, [entry, ...others(values, kind, entry)])
}

function others<Entry>(values: Reading, kind: Kind<Entry>, entry: Entry): readonly Entry[] {
  return readAll(values, kind).filter((known) => !kind.isSame(known, entry))
}

function readAll<Entry>(values: Reading, { key, isEntry }: Kind<Entry>): readonly Entry[] {
  const text = values.read(key)
  if (text === null) return []
  try {
    const saved: unknown = JSON.parse(text)
    if (!isJsonObject(saved) || saved['version'] !== VERSION) return []
    return list(saved['value']).filter(isEntry)
  } catch {
    // Not ours, or cut off: it is computed again.
    return []
  }
}

function writeAll<Entry>(values: Writing, { key }: Kind<Entry>, entries: readonly Entry[]): void {
  const value = entries.slice(0, MOST_RECORDS)
  values.write(key, JSON.stringify({ version: VERSION, value }))
}

function isReference(value: unknown): value is SelfTestReference {
  if (!isJsonObject(value) || typeof value['fingerprint'] !== 'string') return false
  const positions = value['positions']
  return (
    Array.isArray(positions) &&
    positions.every((place) => Array.isArray(place) && place.every(isToken))
  )
}

function isFailure(value: unknown): value is GpuFailure {
  if (!isJsonObject(value) || !isFailedTest(value['test'])) return false
  const texts = ['fingerprint', 'adapter', 'engineVersion', 'modelName', 'numbers']
  return (
    texts.every((key) => typeof value[key] === 'string') && typeof value['sizeBytes'] === 'number'
  )
}

function isFailedTest(value: unknown): value is SelfTest {
  if (!isJsonObject(value) || value['result'] !== 'failed') return false
  const { against, adapter, detail } = value
  return (
    (against === 'cpu' || against === 'itself') &&
    typeof adapter === 'string' &&
    typeof detail === 'string' &&
    ['agreeing', 'positions', 'tookMs'].every((key) => typeof value[key] === 'number') &&
    ['largestDifference', 'referenceMs'].every(
      (key) => value[key] === null || typeof value[key] === 'number',
    )
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
