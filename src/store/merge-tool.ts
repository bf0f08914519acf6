import type { ToolDocument, ToolId } from '../core/tools/tool.ts'
import type { ToolRecord } from './saved-records.ts'

type Versions = {
  /** What this tab last saw stored; null for a document that is new here. */
  readonly base: ToolRecord | null
  readonly mine: ToolRecord
  /** What is stored now; null when nothing is, or nothing readable. */
  readonly theirs: ToolRecord | null
}

export type ToolOutcome = {
  /** What stands in the database under the document's id now. */
  readonly stored: ToolRecord | null
  /** The local version, saved under a new id because both had changed. */
  readonly copy: ToolRecord | null
}

/**
 * Joins the changes of two tabs, field by field.
 *
 * Only when both changed the text, or both the canned results, is there a conflict: theirs stays where it is, and mine
 * becomes a copy after it.
 */
export function mergeTool({ base, mine, theirs }: Versions, newId: () => string): ToolOutcome {
  if (!theirs) return { stored: { ...mine, revision: (base?.revision ?? 0) + 1 }, copy: null }
  if (base && theirs.revision <= base.revision) {
    return { stored: { ...mine, revision: theirs.revision + 1 }, copy: null }
  }
  const isMyText = base?.text !== mine.text
  const isTheirText = base?.text !== theirs.text
  const isMyCanned = !base || !sameCanned(base, mine)
  const isTheirCanned = !base || !sameCanned(base, theirs)
  const collides =
    (isMyText && isTheirText && mine.text !== theirs.text) ||
    (isMyCanned && isTheirCanned && !sameCanned(mine, theirs))
  if (collides) {
    const copy = { ...mine, id: newId() as ToolId, order: mine.order + 0.5, revision: 1 }
    return { stored: theirs, copy }
  }
  const stored: ToolRecord = {
    id: mine.id,
    text: isMyText ? mine.text : theirs.text,
    cannedResults: isMyCanned ? mine.cannedResults : theirs.cannedResults,
    enabled: mine.enabled === base?.enabled ? theirs.enabled : mine.enabled,
    order: mine.order === base?.order ? theirs.order : mine.order,
    revision: theirs.revision + 1,
  }
  return { stored, copy: null }
}

export function sameContent(a: ToolDocument, b: ToolDocument): boolean {
  return a.text === b.text && a.enabled === b.enabled && sameCanned(a, b)
}

function sameCanned(a: ToolDocument, b: ToolDocument): boolean {
  return (
    a.cannedResults === b.cannedResults ||
    JSON.stringify(a.cannedResults) === JSON.stringify(b.cannedResults)
  )
}
