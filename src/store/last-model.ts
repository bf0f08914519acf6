import { err, ok, type Result } from '../core/lib/result.ts'
import type { ReopenError, ReopenRequest } from '../hub/reopen-files.ts'
import type { FileHandleAccess, NewNotice, StoreContext } from './context.ts'
import type { EndpointSource } from './endpoint-state.ts'
import type { Candidate, createCandidates } from './model-candidates.ts'
import type {
  LastLocalModel,
  LastModel,
  LocalSource,
  ModelSource,
  PickedFile,
  UserMessage,
} from './state.ts'
import { storedName } from './stored-name.ts'
import { reopenMessage } from './user-message.ts'

/** Counts the starts of this tab that began to load a model and did not get to its end. */
const LOADING_KEY = 'callground:loading-last-model'
/** The first may have been the user's own reload; a model that takes the page down must not do so at each start. */
const MOST_BROKEN_STARTS = 2

type LastModelContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'notify' | 'offer'> & {
  readonly fileHandles: FileHandleAccess
  readonly candidates: ReturnType<typeof createCandidates>
  readonly start: (candidate: Candidate) => Promise<void>
  readonly hasMlcModel: (modelUrl: string) => Promise<boolean>
}

/** What ran when the page was left, and the way back to it. */
export function createLastModel(context: LastModelContext) {
  const { deps, get, set, notify, offer, fileHandles, candidates, start, hasMlcModel } = context
  const { builtIn, stored, mlc, openFiles } = candidates
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
    if (source.type === 'built-in') return set({ lastModel: null })
    if (source.type !== 'local') return set({ lastModel: source })
    const { lastModel } = get()
    const previous = lastModel?.type === 'local' ? lastModel.before : lastModel
    const before = previous?.type === 'stored' ? previous : null
    set({ lastModel: { ...source, name, before } })
    const handles = handlesOf.get(source)
    if (handles && source.handlesId !== null) void fileHandles.keep(source.handlesId, handles)
  }

  async function load(): Promise<void> {
    const { lastModel } = get()
    switch (lastModel?.type) {
      case undefined:
        return start(builtIn)
      case 'local':
        return loadLocal(lastModel)
      case 'endpoint':
        // A server may be back at the next start, so it stays the one to come back to.
        return loadOr(lastModel, () => connect(lastModel), standIn(builtIn))
      case 'mlc':
        return loadOr(lastModel, () => loadMlc(lastModel), builtIn)
      case 'stored':
        return loadOr(lastModel, () => begin(stored(lastModel)), builtIn)
    }
  }

  async function loadLocal(lastModel: LastLocalModel): Promise<void> {
    const files = await open(lastModel, 'query', new AbortController().signal)
    // The user was faster.
    if (get().modelStatus.type !== 'none') return
    if (files.ok) {
      const candidate = again(lastModel, async () => files)
      return loadOr(lastModel, () => begin(candidate), builtIn)
    }
    offerAgain(lastModel, files.error)
    const { before } = lastModel
    if (!before) return start(standIn(builtIn))
    return loadOr(before, () => begin(standIn(stored(before))), standIn(builtIn))
  }

  async function loadMlc({ model }: Extract<LastModel, { type: 'mlc' }>) {
    // A start downloads nothing by itself.
    if (!(await hasMlcModel(model.modelUrl))) return NOT_HERE
    return begin(mlc(model))
  }

  async function connect(source: EndpointSource) {
    return (await get().connectEndpoint(source)) ?? whyNot()
  }

  async function begin(candidate: Candidate) {
    await start(candidate)
    return whyNot()
  }

  /** Why the model that was started does not run, or null. */
  function whyNot(): UserMessage | null {
    const { modelStatus, engineInfo } = get()
    return modelStatus.type === 'failed' && !engineInfo ? modelStatus.message : null
  }

  /** Brings one model back, and loads another one when it cannot be. */
  async function loadOr(
    last: LastModel,
    bringBack: () => Promise<UserMessage | null>,
    fallback: Candidate,
  ): Promise<void> {
    const brokenStarts = Number(deps.sessionValues.read(LOADING_KEY) ?? 0)
    const isDeadly = brokenStarts >= MOST_BROKEN_STARTS
    if (!isDeadly) deps.sessionValues.write(LOADING_KEY, String(brokenStarts + 1))
    const problem = isDeadly ? diedLoading(last) : await bringBack()
    deps.sessionValues.write(LOADING_KEY, null)
    if (!problem) return
    const notice = standInNotice(last, problem)
    const wantsKey = get().keyWantedBy !== null
    if (wantsKey) offer(notice, { label: 'Enter the key', run: () => get().showModels('server') })
    else notify(notice)
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

const PLACES: Readonly<Record<LastModel['type'], string>> = {
  stored: 'Storage',
  local: 'From this computer',
  mlc: 'WebLLM',
  endpoint: 'Server',
}

function diedLoading({ type }: LastModel): UserMessage {
  return {
    title: 'The page was closed or stopped while it was loading.',
    advice: `Load it from Models, ${PLACES[type]}.`,
  }
}

const NOT_HERE: UserMessage = {
  title: 'Not all of its files are stored here any more.',
  advice: 'Load it from Models, WebLLM: what is missing is fetched then.',
}

function nameOf(last: LastModel): string {
  switch (last.type) {
    case 'stored':
      return storedName(last)
    case 'local':
      return last.name
    case 'mlc':
      return last.model.name
    case 'endpoint':
      return `${last.model} at ${new URL(last.baseUrl).host}`
  }
}

function standInNotice(last: LastModel, { title, advice }: UserMessage): NewNotice {
  return {
    tone: 'warning',
    title: `${nameOf(last)} was not loaded again; the built-in model is`,
    advice: `${/[.!?]$/.test(title) ? title : `${title}.`} ${advice}`,
  }
}
