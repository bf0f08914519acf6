import type { NewNotice, StoreContext } from './context.ts'
import type { Candidate } from './model-candidates.ts'
import type { LastModel, MlcSource, StoredSource, UserMessage } from './state.ts'
import { storedName } from './stored-name.ts'

/** Counts the starts of this tab that began to load a model and did not get to its end. */
const LOADING_KEY = 'callground:loading-last-model'
/** The first may have been the user's own reload; a model that takes the page down must not do so at each start. */
const MOST_BROKEN_STARTS = 2

type LastModelContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'notify' | 'offer'> & {
  readonly start: (candidate: Candidate) => Promise<void>
  readonly builtIn: Candidate
  readonly stored: (source: StoredSource) => Candidate
  readonly mlc: (model: MlcSource['model']) => Candidate
  readonly hasMlcModel: (modelUrl: string) => Promise<boolean>
}

/** Brings back what ran when the page was left; where that cannot be, the built-in model, with the reason. */
export function createLastModel(context: LastModelContext) {
  const { deps, get, set, notify, offer, start, builtIn, stored, mlc, hasMlcModel } = context

  /** Returns why it does not run, or null. */
  async function begin(source: LastModel): Promise<UserMessage | null> {
    switch (source.type) {
      case 'stored':
        await start(stored(source))
        break
      case 'mlc':
        // A start downloads nothing by itself.
        if (!(await hasMlcModel(source.model.modelUrl))) return NOT_HERE
        await start(mlc(source.model))
        break
      case 'endpoint': {
        const problem = await get().connectEndpoint(source)
        if (problem) return problem
        break
      }
    }
    const { modelStatus } = get()
    return modelStatus.type === 'failed' && !get().engineInfo ? modelStatus.message : null
  }

  /** A server may be back at the next start, so it stays the one to come back to. */
  async function standIn(source: LastModel, message: UserMessage): Promise<void> {
    const notice = standInNotice(nameOf(source), message)
    const wantsKey = get().keyWantedBy !== null
    if (wantsKey) offer(notice, { label: 'Enter the key', run: () => get().showModels('server') })
    else notify(notice)
    set({ lastModel: null })
    await start(builtIn)
    if (source.type === 'endpoint') set({ lastModel: source })
  }

  return async function loadLast(source: LastModel): Promise<void> {
    const brokenStarts = Number(deps.sessionValues.read(LOADING_KEY) ?? 0)
    if (brokenStarts >= MOST_BROKEN_STARTS) {
      deps.sessionValues.write(LOADING_KEY, null)
      return standIn(source, DIED_LOADING)
    }
    deps.sessionValues.write(LOADING_KEY, String(brokenStarts + 1))
    const problem = await begin(source)
    deps.sessionValues.write(LOADING_KEY, null)
    if (problem) await standIn(source, problem)
  }
}

const DIED_LOADING: UserMessage = {
  title: 'The page was closed or stopped while it was loading.',
  advice: 'Load it from Models.',
}
const NOT_HERE: UserMessage = {
  title: 'Not all of its files are stored here any more.',
  advice: 'Load it from Models, WebLLM: what is missing is fetched then.',
}

function nameOf(source: LastModel): string {
  switch (source.type) {
    case 'stored':
      return storedName(source)
    case 'mlc':
      return source.model.name
    case 'endpoint':
      return `${source.model} at ${new URL(source.baseUrl).host}`
  }
}

function standInNotice(name: string, { title, advice }: UserMessage): NewNotice {
  return {
    tone: 'warning',
    title: `${name} was not loaded again; the built-in model is`,
    advice: `${/[.!?]$/.test(title) ? title : `${title}.`} ${advice}`,
  }
}
