/** The connections that all downloads of this tab share. */
export type ConnectionBudget = {
  /** False when all are in use. */
  take(): boolean
  give(): void
  /** `onFree` is called when one may be taken; returns how to leave. */
  join(onFree: () => void): () => void
}

export function createConnectionBudget(connections: number): ConnectionBudget {
  let free = connections
  const members = new Set<() => void>()
  return {
    take() {
      if (free === 0) return false
      free--
      return true
    },
    give() {
      free++
      // A copy: the loop moves each member to the end.
      const inTurn = Array.from(members)
      for (const member of inTurn) {
        // Asked last the next time, so that every download gets its turn.
        members.delete(member)
        members.add(member)
        member()
        if (free === 0) return
      }
    },
    join(onFree) {
      members.add(onFree)
      return () => members.delete(onFree)
    },
  }
}
