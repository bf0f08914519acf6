import type { Branded } from '../lib/brand.ts'
import type { Message } from './message.ts'

export type ConversationId = Branded<'ConversationId'>
export type NodeId = Branded<'NodeId'>

/** One message in the tree. Nodes are never rewritten by an edit: an edit adds a sibling, so every branch is kept. */
export type TranscriptNode = {
  readonly id: NodeId
  readonly parentId: NodeId | null
  readonly message: Message
  readonly createdAtMs: number
}

/**
 * A conversation as a tree of messages, with the leaf that is shown.
 *
 * Edit, regenerate and "continue from here" add a branch; nothing is lost.
 */
export type Transcript = {
  readonly nodes: ReadonlyMap<NodeId, TranscriptNode>
  readonly leafId: NodeId | null
}

export const EMPTY_TRANSCRIPT: Transcript = { nodes: new Map(), leafId: null }

/** Adds a node and shows it. */
export function append(transcript: Transcript, node: TranscriptNode): Transcript {
  return { nodes: new Map(transcript.nodes).set(node.id, node), leafId: node.id }
}

/** Replaces a node's message: only for an answer that is still streaming. */
export function replaceMessage(transcript: Transcript, id: NodeId, message: Message): Transcript {
  const node = transcript.nodes.get(id)
  if (!node) return transcript
  return { ...transcript, nodes: new Map(transcript.nodes).set(id, { ...node, message }) }
}

/** The messages that are shown, root first. */
export function pathTo(transcript: Transcript, leafId: NodeId | null): readonly TranscriptNode[] {
  const path: TranscriptNode[] = []
  const seen = new Set<NodeId>()
  let id = leafId
  while (id !== null && !seen.has(id)) {
    const node = transcript.nodes.get(id)
    if (!node) break
    seen.add(id)
    path.push(node)
    id = node.parentId
  }
  return path.toReversed()
}

/** The nodes with this parent, oldest first: the alternatives at that point. */
export function childrenOf(
  transcript: Transcript,
  parentId: NodeId | null,
): readonly TranscriptNode[] {
  return [...transcript.nodes.values()].filter((node) => node.parentId === parentId).toSorted(byAge)
}

/** Shows the branch through `id`, down to its newest leaf. */
export function showBranch(transcript: Transcript, id: NodeId): Transcript {
  const newestChild = new Map<NodeId | null, TranscriptNode>()
  for (const node of transcript.nodes.values()) {
    const known = newestChild.get(node.parentId)
    if (!known || byAge(known, node) < 0) newestChild.set(node.parentId, node)
  }
  const seen = new Set<NodeId>()
  let leafId = id
  for (;;) {
    seen.add(leafId)
    const next = newestChild.get(leafId)
    // A cycle can only come from a damaged store; the branch then ends where it would close.
    if (!next || seen.has(next.id)) return { ...transcript, leafId }
    leafId = next.id
  }
}

function byAge(a: TranscriptNode, b: TranscriptNode): number {
  return a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1)
}
