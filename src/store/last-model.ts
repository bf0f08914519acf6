import { err, ok, type Result } from '../core/lib/result.ts'
import type { ReopenError, ReopenRequest } from '../hub/reopen-files.ts'
import type { FileHandleAccess, NewNotice, StoreContext } from './context.ts'
import type { Candidate, createCandidates } from './model-candidates.ts'
import type { LastLocalModel, LocalSource, ModelSource, PickedFile } from './state.ts'
import { reopenMessage } from './user-message.ts'

/** Counts the starts of this tab that began to load a model and did not get to its end. */
const LOADING_KEY = 'callground:loading-last-model'
/** The first may have been the user's own reload; a model that takes the page down must not do so at each start. */
const MOST_BROKEN_STARTS = 2

type LastModelContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'notify' | 'offer'> & {
  readonly fileHandles: FileHandleAccess
  readonly candidates: ReturnType<typeof createCandidates>
  readonly start: (candidate: Candidate) => Promise<void>
}

/** What ran when the page was left, and the way back to it. */
export function createLastModel(context: LastModelContext) {
  const { deps, get, set, notify, offer, fileHandles, candidates, start } = context
  const { builtIn, stored, openFiles } = candidates
  /** Of local files, until they run: only what runs is remembered. */
  const handlesOf = new WeakMap<LocalSource, readonly FileSystemFileHandle[]>()
  /** Loaded in the place of what is remembered. */
  const standIns = new WeakSet<ModelSource>()

  function sourceOf(files: readonly PickedFile[]): LocalSource {
    const handles = files.flatMap(({ handle }) => handle ?? [])
    const isComplete = files.length > 0 && handles.length === files.length
    const source: LocalSource = {
      type: 'local',
      handlesId: isComplete ? deps.newId() : null,
      files: files.map(({ file, path }) => ({
        path,
        sizeBytes: file.size,
        modifiedAtMs: file.lastModified,
      })),
    }
    if (isComplete) handlesOf.set(source, handles)
    return source
  }

  /** To be called when a model runs. */
  function remember(source: ModelSource, name: string): void {
    if (standIns.has(source)) return
    const { lastModel } = get()
    if (source.type === 'built-in') set({ lastModel: null })
    else if (source.type === 'stored') set({ lastModel: source })
    else if (source.type === 'local') {
      const before = lastModel?.type === 'local' ? lastModel.before : lastModel
      set({ lastModel: { ...source, name, before } })
      const handles = handlesOf.get(source)
      if (handles && source.handlesId !== null) void fileHandles.keep(source.handlesId, handles)
    }
  }

  async function load(): Promise<void> {
    const { lastModel } = get()
    if (!lastModel) return start(builtIn)
    if (lastModel.type === 'stored') return loadOr(stored(lastModel), builtIn)
    const files = await open(lastModel, 'query', new AbortController().signal)
    // The user was faster.
    if (get().modelStatus.type !== 'none') return
    if (files.ok)
      return loadOr(
        again(lastModel, async () => files),
        builtIn,
      )
    offerAgain(lastModel, files.error)
    const { before } = lastModel
    return before ? loadOr(standIn(stored(before)), standIn(builtIn)) : start(standIn(builtIn))
  }

  /** Loads one model, and another one when it cannot be. */
  async function loadOr(candidate: Candidate, fallback: Candidate): Promise<void> {
    const { name, source } = candidate
    const brokenStarts = Number(deps.sessionValues.read(LOADING_KEY) ?? 0)
    if (brokenStarts >= MOST_BROKEN_STARTS) {
      deps.sessionValues.write(LOADING_KEY, null)
      notify(notLoadedAgain({ name, source, why: DIED_LOADING }))
      return start(fallback)
    }
    deps.sessionValues.write(LOADING_KEY, String(brokenStarts + 1))
    await start(candidate)
    deps.sessionValues.write(LOADING_KEY, null)
    const { modelStatus, engineInfo } = get()
    if (modelStatus.type !== 'failed' || engineInfo) return
    notify(notLoadedAgain({ name, source, why: modelStatus.message.title }))
    await start(fallback)
  }

  function standIn(candidate: Candidate): Candidate {
    const source = { ...candidate.source }
    standIns.add(source)
    return { ...candidate, source }
  }

  function again(
    { type, handlesId, files, name }: LastLocalModel,
    read: (signal: AbortSignal) => ReturnType<typeof open>,
  ): Candidate {
    return {
      source: { type, handlesId, files },
      name,
      async open(_, signal) {
        const opened = await read(signal)
        return opened.ok
          ? openFiles(opened.value)
          : err(reopenMessage(opened.error, { name, files }))
      },
    }
  }

  async function open(
    { handlesId, files }: LastLocalModel,
    permission: ReopenRequest['permission'],
    signal: AbortSignal,
  ): Promise<Result<readonly File[], ReopenError>> {
    if (handlesId === null) return err({ kind: 'lost' })
    const [{ reopenFiles }, handles] = await Promise.all([
      import('../hub/reopen-files.ts'),
      fileHandles.read(handlesId),
    ])
    const opened = await reopenFiles({ handles, files, permission }, signal)
    return opened.ok ? ok(opened.value) : opened
  }

  /** From a click: the browser may ask. */
  async function reopen(): Promise<void> {
    const { lastModel } = get()
    if (lastModel?.type !== 'local') return
    await start(again(lastModel, (signal) => open(lastModel, 'request', signal)))
  }

  function offerAgain(model: LastLocalModel, error: ReopenError): void {
    const canReopen = error.kind === 'needs-permission'
    // A warning stays until it is answered.
    offer(
      { tone: 'warning', ...reopenMessage(error, model) },
      {
        label: canReopen ? 'Open again' : 'Choose files',
        run() {
          get().showModels('running')
          if (canReopen) void reopen()
        },
      },
    )
  }

  return { sourceOf, remember, load, reopen }
}

const DIED_LOADING = 'The page was closed or stopped while it was loading.'

function notLoadedAgain(failed: {
  readonly name: string
  readonly source: ModelSource
  readonly why: string
}): NewNotice {
  const where =
    failed.source.type === 'local'
      ? 'Open it from Models, From this computer.'
      : 'Load it from Models, Storage.'
  return {
    tone: 'warning',
    title: `${failed.name} was not loaded again; the built-in model is`,
    advice: `${failed.why} ${where}`,
  }
}
