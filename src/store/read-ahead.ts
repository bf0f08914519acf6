import type { Message } from '../core/chat/message.ts'
import { pathTo } from '../core/chat/transcript.ts'
import type { Engine } from '../engine/engine.ts'
import { toolCallOf } from './call-views.ts'
import type { StoreContext } from './context.ts'
import { hasContent, selectOutput, selectPendingAnswer, selectPromptSettings } from './selectors.ts'
import type { AppState } from './state.ts'

/** Nothing is read while the user is in the middle of a word. */
const IDLE_MS = 350

type ReadAheadContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'engines'>

/**
 * Fills the engine's prefix cache while the user types or edits tools, so that sending costs only what is new.
 *
 * It reads what the next request is certain to begin with, whatever is typed next. Any change, and any request, stops it at
 * once. Where the engine keeps no prefix it does nothing.
 */
export function createReadAhead({ deps, get, set, engines }: ReadAheadContext): {
  readonly onChange: (state: AppState, previous: AppState) => void
  readonly dispose: () => void
} {
  let cancelTimer: (() => void) | null = null
  let reading: AbortController | null = null
  /** What the engine has read: the last prefix, or the last request's prompt and answer. */
  let read: { readonly engine: Engine; readonly prefix: string } | null = null

  function halt(): void {
    cancelTimer?.()
    cancelTimer = null
    reading?.abort()
    reading = null
  }

  async function start(): Promise<void> {
    cancelTimer = null
    const state = get()
    const engine = engines.running()
    if (!engine || !isWanted(state)) return
    const prefix = certainPrefix(state, deps.nowMs())
    if (prefix === null || prefix === '') return
    if (read?.engine === engine && read.prefix === prefix) return
    const mine = (reading = new AbortController())
    const before = state.engineRead?.info === engine.info ? state.engineRead.text : ''
    // When it is broken off, this much is certain to be there still.
    set({
      readAheadStatus: { type: 'reading' },
      engineRead: { info: engine.info, text: commonPrefix(before, prefix) },
    })
    const warmed = await engine.warm(prefix, mine.signal)
    if (reading !== mine) return
    reading = null
    read = warmed.ok ? { engine, prefix } : null
    set({
      readAheadStatus: warmed.ok
        ? { type: 'ready', tokens: warmed.value.promptTokens }
        : { type: 'none' },
      ...(warmed.ok && { engineRead: { info: engine.info, text: prefix } }),
    })
  }

  return {
    onChange(state, previous) {
      if (INPUTS.every((key) => state[key] === previous[key])) return
      halt()
      if (state.turn.type !== 'idle' || state.engineInfo !== previous.engineInfo) read = null
      if (state.readAheadStatus.type === 'reading') set({ readAheadStatus: { type: 'none' } })
      if (isWanted(state)) cancelTimer = deps.setTimer(() => void start(), IDLE_MS)
    },
    dispose: halt,
  }
}

/** What the next prompt depends on, and what decides whether it may be read. */
const INPUTS = [
  'readAhead',
  'machinery',
  'engineInfo',
  'turn',
  'toolDocuments',
  'transcript',
  'systemPrompt',
  'composerText',
  'settingsByModel',
] as const satisfies readonly (keyof AppState)[]

function isWanted({ readAhead, capabilities, engineInfo, machinery, turn }: AppState): boolean {
  // What is not sent yet stays in the page: a server keeps a prefix too, but must not be told what the user is typing.
  const isHere = engineInfo !== null && engineInfo.backend.type !== 'server'
  const canKeep = isHere && capabilities?.prefixCache === true
  return readAhead && canKeep && machinery !== null && turn.type === 'idle'
}

/**
 * What the next prompt begins with, whatever the user goes on to type: what two prompts that differ only there have in common.
 *
 * Null when no template can print the conversation.
 */
export function certainPrefix(state: AppState, nowMs: number): string | null {
  const { machinery, transcript } = state
  if (!machinery) return null
  const sent = pathTo(transcript, transcript.leafId)
    .map(({ message }) => message)
    .filter(hasContent)
  const [left, right] = ['a', 'b'].map((typed) =>
    machinery.buildPrompt({
      ...selectPromptSettings(state, machinery),
      messages: [...sent, nextMessage(state, typed)],
      nowMs,
    }),
  )
  if (!left?.ok || !right?.ok) return null
  return commonPrefix(left.value.prompt, right.value.prompt)
}

/** The results that are waited for, else the message that is being written. */
function nextMessage(state: AppState, typed: string): Message {
  const pendingId = selectPendingAnswer(state)
  if (pendingId === null || state.composerText !== '')
    return { type: 'user', text: state.composerText + typed }
  const calls = selectOutput(state, pendingId).calls.flatMap((call) => toolCallOf(call) ?? [])
  return {
    type: 'tool-results',
    results: calls.map((call) => ({ call, content: typed, source: 'typed' })),
  }
}

function commonPrefix(left: string, right: string): string {
  let length = 0
  while (length < left.length && left[length] === right[length]) length++
  return left.slice(0, length)
}
