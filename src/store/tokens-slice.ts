import type { ModelFiles } from '../core/gguf/model-files.ts'
import type { TokenizerProblem } from '../core/tokenizer/create-tokenizer.ts'
import { assertNever } from '../core/lib/assert-never.ts'
import type { PromptTokenizer } from '../engine/open-tokenizer.ts'
import type { StoreContext } from './context.ts'
import type { CountedPrompt, TokensSlice } from './state.ts'

/** Typing is not counted key by key. */
const SETTLE_MS = 150

type TokensContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'engines'> & {
  readonly runningFiles: () => ModelFiles | null
}

type Opened =
  | { readonly type: 'ready'; readonly tokenizer: PromptTokenizer }
  | { readonly type: 'unusable'; readonly note: string }

/**
 * Counts the tokens of prompts: with the tokenizer of the model's file, opened at the first count, and with the engine,
 * which has the last word. Where they disagree, what the tokenizer said is thrown away, and it is not asked again.
 */
export function createTokensSlice(context: TokensContext): {
  readonly slice: TokensSlice
  readonly dispose: () => void
} {
  const { deps, get, set, engines, runningFiles } = context
  let current: { readonly files: ModelFiles; opened: Promise<Opened> } | null = null
  let counting = new AbortController()

  async function open(files: ModelFiles): Promise<Opened> {
    const opened = await deps.openTokenizer(files)
    return opened.ok
      ? { type: 'ready', tokenizer: opened.value }
      : { type: 'unusable', note: noteOf(opened.error) }
  }

  function close(): void {
    void current?.opened.then((opened) => {
      if (opened.type === 'ready') opened.tokenizer.close()
    })
    current = null
  }

  function openedFor(files: ModelFiles): Promise<Opened> {
    if (current?.files !== files) {
      close()
      current = { files, opened: open(files) }
    }
    return current.opened
  }

  async function countPrompt(prompt: string): Promise<void> {
    counting.abort()
    const mine = (counting = new AbortController())
    await new Promise<void>((resolve) => deps.setTimer(resolve, SETTLE_MS))
    const files = runningFiles()
    if (mine.signal.aborted || !files) return
    const opened = await openedFor(files)
    const ends = opened.type === 'ready' ? await opened.tokenizer.ends(prompt) : null
    if (mine.signal.aborted) return
    const own = ends ? ownCount(prompt, ends) : null
    if (own) set({ countedPrompt: own })
    if (get().turn.type !== 'idle') return
    const engineTotal = await engineCount(prompt, mine.signal)
    if (engineTotal === null || mine.signal.aborted) return
    set({ countedPrompt: agreed({ prompt, opened, own, engineTotal }) })
    if (own && own.total !== engineTotal && current) {
      current.opened = Promise.resolve({ type: 'unusable', note: DISAGREES })
      if (opened.type === 'ready') opened.tokenizer.close()
    }
  }

  /** The engine puts BOS in front by itself; a prompt that has it in writing loses that one. */
  function ownCount(prompt: string, ends: Uint32Array): CountedPrompt {
    const info = get().engineInfo
    const isAdded =
      info?.addsBos === true && info.bosToken !== '' && !prompt.startsWith(info.bosToken)
    const total = ends.length + (isAdded ? 1 : 0)
    return { prompt, total, ends, by: 'tokenizer', note: null }
  }

  async function engineCount(prompt: string, signal: AbortSignal): Promise<number | null> {
    const acquired = await engines.acquire(signal)
    if (acquired.type !== 'engine') return null
    const counted = await acquired.engine.countTokens(prompt, signal)
    return counted.ok ? counted.value : null
  }

  return {
    slice: { countedPrompt: null, engineRead: null, countPrompt },
    dispose() {
      counting.abort()
      close()
    },
  }
}

const DISAGREES =
  'The engine counts otherwise than this model’s vocabulary read here, so only its total is shown.'

function agreed(counts: {
  readonly prompt: string
  readonly opened: Opened
  readonly own: CountedPrompt | null
  readonly engineTotal: number
}): CountedPrompt {
  const { prompt, opened, own, engineTotal } = counts
  if (own?.total === engineTotal) return { ...own, by: 'both' }
  const note = opened.type === 'unusable' ? opened.note : DISAGREES
  return { prompt, total: engineTotal, ends: null, by: 'engine', note }
}

function noteOf(problem: TokenizerProblem): string {
  const rest = 'so the engine counts, and only in total.'
  switch (problem.kind) {
    case 'unknown-model':
      return `Vocabularies of the kind “${problem.name}” are not read here, ${rest}`
    case 'unknown-pre-tokenizer':
      return `The pre-tokenizer “${problem.name}” is not known here, ${rest}`
    case 'no-vocabulary':
      return `The model’s file has no vocabulary, ${rest}`
    case 'failed':
      return `The vocabulary could not be used (${problem.detail}), ${rest}`
    default:
      return assertNever(problem)
  }
}
