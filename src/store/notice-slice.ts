import type { NewNotice, NoticeAction, StoreContext } from './context.ts'
import type { NoticeSlice } from './state.ts'

/** More than this at a time nobody reads. */
const MOST_NOTICES = 4

export type NoticeBoard = Pick<StoreContext, 'notify' | 'offer' | 'announce'> & {
  readonly slice: NoticeSlice
}

/** Notices whose actions live outside the state. */
export function createNoticeBoard({
  deps,
  get,
  set,
}: Pick<StoreContext, 'deps' | 'get' | 'set'>): NoticeBoard {
  const actions = new Map<string, NoticeAction>()

  function dismissNotice(id: string): void {
    actions.delete(id)
    set({ notices: get().notices.filter((notice) => notice.id !== id) })
  }

  function post(notice: NewNotice, action: NoticeAction | null): void {
    const { notices } = get()
    // The same thing said twice (a disk that stays full) is one notice.
    if (
      !action &&
      notices.some(({ title, advice }) => title === notice.title && advice === notice.advice)
    )
      return
    const id = deps.newId()
    if (action) actions.set(id, action)
    const kept = [...notices, { ...notice, id, action: action?.label ?? null }]
    for (const dropped of kept.slice(0, -MOST_NOTICES)) actions.delete(dropped.id)
    set({ notices: kept.slice(-MOST_NOTICES), announcement: notice.title })
  }

  function undoing(undo: () => void): NoticeAction {
    return {
      label: 'Undo',
      run: () => {
        undo()
        set({ announcement: 'Undone' })
      },
    }
  }

  return {
    notify: (notice, undo) => post(notice, undo ? undoing(undo) : null),
    offer: post,
    announce: (announcement) => set({ announcement }),
    slice: {
      notices: [],
      announcement: '',
      dismissNotice,
      actOnNotice(id) {
        const action = actions.get(id)
        dismissNotice(id)
        action?.run()
      },
      offerUpdate(applyUpdate) {
        const notice = {
          tone: 'info',
          title: 'A new version is there',
          advice: 'It takes over when you reload. What you typed is kept.',
        } as const
        post(notice, { label: 'Reload', run: applyUpdate })
      },
    },
  }
}
