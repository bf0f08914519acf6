import { pathTo, type NodeId } from '../core/chat/transcript.ts'
import type { NativeRun } from '../session/run-native.ts'
import type { StoreContext } from './context.ts'
import { hasContent, selectModelSettings, selectPromptSettings } from './selectors.ts'

/** An answer, and the same turn through the engine's own tool calling. */
export type Comparison = {
  readonly answerId: NodeId
  /** Null until the engine has begun. */
  readonly run: NativeRun | null
  /** Tools, template or system prompt are no longer those of the answer: the two prompts differ by that, too. */
  readonly hasChanged: boolean
}

export type CompareSlice = {
  readonly comparison: Comparison | null
  /** Runs an answer's turn again through the engine's own tool calling, and shows both. The latest call wins. */
  readonly compareNative: (answerId: NodeId) => Promise<void>
  /** Ends the run and forgets it. */
  readonly closeComparison: () => void
}

type CompareContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'announce' | 'engines'>

export function createCompareSlice(context: CompareContext): CompareSlice {
  const { deps, get, set, announce, engines } = context
  let current = new AbortController()

  async function compareNative(answerId: NodeId): Promise<void> {
    current.abort()
    const mine = (current = new AbortController())
    const { machinery, transcript } = get()
    const engine = engines.running()
    const answer = transcript.nodes.get(answerId)
    if (!machinery || !engine || answer?.message.type !== 'assistant') return
    const { rules, prompt: sent } = answer.message
    const messages = pathTo(transcript, answerId)
      .slice(0, -1)
      .map(({ message }) => message)
      .filter(hasContent)
    const prompt = { ...selectPromptSettings(get(), machinery), messages }
    const built = machinery.buildPrompt({ ...prompt, nowMs: deps.nowMs() })
    const hasChanged = !built.ok || built.value.prompt !== sent
    set({ comparison: { answerId, run: null, hasChanged }, dialog: 'compare' })
    const request = {
      prompt,
      sampling: selectModelSettings(get()).sampling,
      ...(rules && { rules }),
    }
    for await (const run of machinery.runNative(engine, request, mine.signal)) {
      if (current !== mine) return
      // Another dialog took its place: nobody looks at it any more, and it keeps the engine busy.
      if (get().dialog !== 'compare') return closeComparison()
      set({ comparison: { answerId, run, hasChanged } })
      if (run.state.type === 'ended') announce('Comparison finished')
      if (run.state.type === 'failed') announce('The engine’s own tool calling failed')
    }
  }

  function closeComparison(): void {
    current.abort()
    current = new AbortController()
    set({ comparison: null })
  }

  return { comparison: null, compareNative, closeComparison }
}
