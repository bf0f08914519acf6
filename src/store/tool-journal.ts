import { isJsonObject } from '../core/lib/json.ts'
import type { Database } from './database.ts'
import type { KeyValues } from './deps.ts'
import { applyToolChange, type ToolChange } from './persist-tools.ts'
import { readToolRecord } from './saved-records.ts'

/**
 * Saving a tool needs an answer of the database first, and a page that goes away does not live to hear it. So its
 * unsaved changes are noted in one synchronous write, and made up for at the next start, by whichever tab starts first.
 */
const KEY = 'callground:unsaved-tools'

export function writeToolJournal(
  keyValues: KeyValues,
  tabId: string,
  changes: readonly ToolChange[],
): void {
  if (changes.length === 0) return
  keyValues.write(KEY, JSON.stringify({ ...readJournal(keyValues), [tabId]: changes }))
}

export function forgetToolJournal(keyValues: KeyValues, tabId: string): void {
  const { [tabId]: mine, ...others } = readJournal(keyValues)
  if (mine === undefined) return
  keyValues.write(KEY, Object.keys(others).length === 0 ? null : JSON.stringify(others))
}

/** Applies what other pages left behind. Merging makes it harmless when they have saved it after all. */
export async function replayToolJournal(
  keyValues: KeyValues,
  database: Database,
  newId: () => string,
): Promise<void> {
  const journal = readJournal(keyValues)
  const changes = Object.values(journal).flatMap((entry) => (Array.isArray(entry) ? entry : []))
  for (const change of changes.map(readChange)) {
    if (change) await applyToolChange(database, change, newId)
  }
  if (Object.keys(journal).length > 0) keyValues.write(KEY, null)
}

function readJournal(keyValues: KeyValues): Readonly<Record<string, unknown>> {
  try {
    const journal: unknown = JSON.parse(keyValues.read(KEY) ?? '{}')
    return isJsonObject(journal) ? journal : {}
  } catch {
    return {}
  }
}

function readChange(value: unknown): ToolChange | null {
  if (!isJsonObject(value)) return null
  const base = readToolRecord(value['base'])
  if (value['type'] === 'delete') return base && { type: 'delete', base }
  const mine = readToolRecord(value['mine'])
  return mine && { type: 'save', mine, base }
}
