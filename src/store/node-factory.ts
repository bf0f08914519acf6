import { append, type NodeId, type TranscriptNode } from '../core/chat/transcript.ts'
import type { StoreContext } from './context.ts'

export type NodeFactory = {
  /** Adds a node and shows it; with `onlyAfter` it is shown only while that node is the leaf. */
  readonly add: (node: Omit<TranscriptNode, 'createdAtMs'>, onlyAfter?: NodeId) => void
}

/** Adds nodes to the transcript in an order that their times show. */
export function createNodeFactory({
  deps,
  get,
  set,
}: Pick<StoreContext, 'deps' | 'get' | 'set'>): NodeFactory {
  let lastMs = 0
  return {
    add(node, onlyAfter) {
      // Siblings are put in order by time, and two nodes may be made within one millisecond.
      lastMs = Math.max(deps.nowMs(), lastMs + 1)
      const { transcript } = get()
      const { leafId } = transcript
      const added = append(transcript, { ...node, createdAtMs: lastMs })
      const isElsewhere = onlyAfter !== undefined && leafId !== onlyAfter
      set({ transcript: isElsewhere ? { ...added, leafId } : added })
    },
  }
}
