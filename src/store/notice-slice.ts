import type { NewNotice, StoreContext } from './context.ts'
import type { NoticeSlice } from './state.ts'

/** More than this at a time nobody reads. */
const MOST_NOTICES = 4

export type NoticeBoard = Pick<StoreContext, 'notify' | 'announce'> & {
  readonly slice: NoticeSlice
}

/** Notices with an undo that lives outside the state. */
export function createNoticeBoard({
  deps,
  get,
  set,
}: Pick<StoreContext, 'deps' | 'get' | 'set'>): NoticeBoard {
  const undos = new Map<string, () => void>()

  function dismissNotice(id: string): void {
    undos.delete(id)
    set({ notices: get().notices.filter((notice) => notice.id !== id) })
  }

  function notify(notice: NewNotice, undo?: () => void): void {
    const { notices } = get()
    // The same thing said twice (a disk that stays full) is one notice.
    if (
      !undo &&
      notices.some(({ title, advice }) => title === notice.title && advice === notice.advice)
    )
      return
    const id = deps.newId()
    if (undo) undos.set(id, undo)
    const kept = [...notices, { ...notice, id, canUndo: undo !== undefined }]
    for (const dropped of kept.slice(0, -MOST_NOTICES)) undos.delete(dropped.id)
    set({ notices: kept.slice(-MOST_NOTICES), announcement: notice.title })
  }

  return {
    notify,
    announce: (announcement) => set({ announcement }),
    slice: {
      notices: [],
      announcement: '',
      dismissNotice,
      undo(noticeId) {
        const undo = undos.get(noticeId)
        dismissNotice(noticeId)
        if (!undo) return
        undo()
        set({ announcement: 'Undone' })
      },
    },
  }
}
