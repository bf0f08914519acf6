import type { ToolDocument, ToolId } from '../core/tools/tool.ts'
import type { Database } from './database.ts'
import { readRecords, readToolRecord, type ToolRecord } from './saved-records.ts'
import { mergeTool, sameContent, type ToolOutcome } from './merge-tool.ts'

/** A change that is not in the database yet; `base` is what this tab last saw there. */
export type ToolChange =
  | { readonly type: 'save'; readonly mine: ToolRecord; readonly base: ToolRecord | null }
  | { readonly type: 'delete'; readonly base: ToolRecord }

type ToolState = {
  readonly toolDocuments: readonly ToolDocument[]
  readonly selectedToolId: ToolId | null
}

export type ToolSyncOptions = {
  readonly get: () => ToolState
  readonly set: (change: Partial<ToolState>) => void
  readonly newId: () => string
  /** Both versions of a tool were kept. */
  readonly onConflict: (toolId: ToolId) => void
}

export type ToolSync = {
  /** Takes over what is stored, but for what was changed here and is not saved. Returns how many records are unreadable. */
  readonly load: (database: Database) => Promise<number>
  readonly changes: () => readonly ToolChange[]
  /** Writes the changes. True when something was written. */
  readonly save: (database: Database) => Promise<boolean>
}

/** Keeps the tool documents of this tab and the stored ones together; nobody's work is overwritten. */
export function createToolSync({ get, set, newId, onConflict }: ToolSyncOptions): ToolSync {
  const seen = new Map<ToolId, ToolRecord>()

  function changes(): readonly ToolChange[] {
    const { toolDocuments } = get()
    const ids = new Set(toolDocuments.map(({ id }) => id))
    const saves = toolDocuments.flatMap((document, order): ToolChange[] => {
      const base = seen.get(document.id) ?? null
      const mine = { ...document, order, revision: base?.revision ?? 0 }
      const isSaved = base && base.order === order && sameContent(base, mine)
      return isSaved ? [] : [{ type: 'save', mine, base }]
    })
    const deletions = [...seen.values()]
      .filter(({ id }) => !ids.has(id))
      .map((base): ToolChange => ({ type: 'delete', base }))
    return [...saves, ...deletions]
  }

  async function load(database: Database): Promise<number> {
    const { records, unreadable } = readRecords(await database.readTools(), readToolRecord)
    const unsaved = new Map(changes().map((change) => [idOf(change), change]))
    const stored = new Map(records.map((record) => [record.id, record]))
    const { toolDocuments, selectedToolId } = get()
    const local = new Map(toolDocuments.map((document) => [document.id, document]))

    const kept = toolDocuments
      .map((document, order) => ({ document, order }))
      .filter(({ document }) => contentIsUnsaved(unsaved.get(document.id)))
    const taken = records
      .filter(({ id }) => !contentIsUnsaved(unsaved.get(id)))
      .map((record) => ({
        document: documentOf(record, local.get(record.id)),
        order: record.order,
      }))
    for (const id of seen.keys())
      if (!stored.has(id) && !contentIsUnsaved(unsaved.get(id))) seen.delete(id)
    for (const record of records)
      if (!contentIsUnsaved(unsaved.get(record.id))) seen.set(record.id, record)

    const documents = [...taken, ...kept]
      .toSorted((a, b) => a.order - b.order)
      .map(({ document }) => document)
    const isSelected = documents.some(({ id }) => id === selectedToolId)
    set({ toolDocuments: documents, selectedToolId: isSelected ? selectedToolId : null })
    return unreadable
  }

  async function save(database: Database): Promise<boolean> {
    const pending = changes()
    for (const change of pending) {
      const outcome = await applyToolChange(database, change, newId)
      settle(change, outcome)
    }
    return pending.length > 0
  }

  /** Brings the state in line with what a change has become in the database. */
  function settle(change: ToolChange, outcome: ToolOutcome): void {
    const id = idOf(change)
    if (!outcome.stored) {
      seen.delete(id)
      return
    }
    seen.set(id, outcome.stored)
    if (change.type === 'delete') {
      // Another tab has changed it since: its work comes back.
      const document = documentOf(outcome.stored)
      set({ toolDocuments: [...get().toolDocuments, document] })
      onConflict(id)
      return
    }
    const { toolDocuments, selectedToolId } = get()
    const current = toolDocuments.find((document) => document.id === id)
    if (!current) return
    if (outcome.copy) {
      const copyId = outcome.copy.id
      seen.set(copyId, outcome.copy)
      const theirs = documentOf(outcome.stored)
      set({
        toolDocuments: toolDocuments.flatMap((document) =>
          document.id === id ? [theirs, { ...current, id: copyId }] : [document],
        ),
        // Who is typing goes on in what they typed.
        selectedToolId: selectedToolId === id ? copyId : selectedToolId,
      })
      onConflict(copyId)
      return
    }
    // Typed on while it was saved: that is the next save's business.
    if (!sameContent(current, change.mine)) return
    const merged = documentOf(outcome.stored, current)
    if (merged !== current) {
      set({
        toolDocuments: toolDocuments.map((document) => (document.id === id ? merged : document)),
      })
    }
  }

  return { load, changes, save }
}

/** Writes one change, merged with what another tab may have written since `base`. */
export async function applyToolChange(
  database: Database,
  change: ToolChange,
  newId: () => string,
): Promise<ToolOutcome> {
  let outcome: ToolOutcome = { stored: null, copy: null }
  await database.updateTool(idOf(change), (value) => {
    const stored = readToolRecord(value)
    if (change.type === 'delete') {
      const isNewer =
        stored !== null &&
        stored.revision > change.base.revision &&
        !sameContent(stored, change.base)
      outcome = { stored: isNewer ? stored : null, copy: null }
      return { put: [], remove: !isNewer }
    }
    outcome = mergeTool({ base: change.base, mine: change.mine, theirs: stored }, newId)
    const { stored: written, copy } = outcome
    return { put: [written, copy].filter((record) => record !== null), remove: false }
  })
  return outcome
}

function idOf(change: ToolChange): ToolId {
  return change.type === 'save' ? change.mine.id : change.base.id
}

/** A document that only moved follows the other tab's text. */
function contentIsUnsaved(change: ToolChange | undefined): boolean {
  if (!change) return false
  return change.type === 'delete' || !change.base || !sameContent(change.base, change.mine)
}

/** The record's document; `current` itself when it says the same, so that nothing is drawn again. */
function documentOf(record: ToolRecord, current?: ToolDocument): ToolDocument {
  if (current && sameContent(current, record)) return current
  const { id, text, enabled, cannedResults } = record
  return { id, text, enabled, cannedResults }
}
