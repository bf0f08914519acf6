import type { AnswerEnd, AssistantMessage, Timings, Usage } from '../core/chat/message.ts'
import type { AnswerToken } from '../core/chat/token-info.ts'
import { pathTo, replaceMessage, type NodeId } from '../core/chat/transcript.ts'
import type { FormatId } from '../core/formats/format.ts'
import { EMPTY_OUTPUT, reduceOutput, type ParsedOutput } from '../core/formats/parsed-output.ts'
import type { CallRules } from '../core/tools/tool-choice.ts'
import type { Continuation } from '../session/run-turn.ts'
import type { RunEnd, SessionEvent } from '../session/session-event.ts'
import type { StoreContext } from './context.ts'
import { createFrameBatch } from './frame-batch.ts'
import type { NodeFactory } from './node-factory.ts'
import { runEndNotice, runEndText } from './run-words.ts'
import { selectFormat, selectRunRequest } from './selectors.ts'
import type { Turn, UserMessage } from './state.ts'
import { NO_MODEL, turnMessage } from './user-message.ts'

/** 20 times a second reads as a stream; more often costs the model more than it gives the eye. */
const SHOW_INTERVAL_MS = 50
/** Nothing is parsed with it: the turn says its format before the first token. */
const FORMAT_UNTIL_KNOWN: FormatId = 'xlam'

/** A run as it goes: what is not on the screen yet is only here. */
type Run = {
  readonly controller: AbortController
  nodeId: NodeId
  /** The results that the next answer follows. */
  resultsId: NodeId | null
  prompt: string
  format: FormatId
  startsInReasoning: boolean
  rules: CallRules | null
  modelName: string
  raw: string
  tokens: AnswerToken[]
  /** Where the model went on from an earlier answer. */
  forkedAt: number | null
  output: ParsedOutput
  turn: Turn
  firstTokenMs: number | null
}

export type ChatRunner = {
  /** Answers after the node `parentId`; a run that is going on ends as stopped. */
  readonly start: (parentId: NodeId, continuation?: Continuation) => Promise<void>
  /** Ends the run at once and keeps what was written. */
  readonly stop: () => void
}

type RunnerContext = Pick<StoreContext, 'deps' | 'get' | 'set' | 'notify' | 'announce' | 'engines'>

/** Runs answers into the state: one at a time, the latest wins. */
export function createChatRunner(context: RunnerContext, nodes: NodeFactory): ChatRunner {
  const { deps, get, set, notify, announce, engines } = context
  let current: Run | null = null
  const frame = createFrameBatch(deps, show, SHOW_INTERVAL_MS)

  /** Puts what has arrived since the last frame on the screen. */
  function show(): void {
    if (!current) return
    const { nodeId, output, turn } = current
    set({ ...messageChange(current, { type: 'streaming' }), liveOutput: { nodeId, output }, turn })
  }

  function messageChange(run: Run, end: AnswerEnd, numbers?: Numbers) {
    return {
      transcript: replaceMessage(get().transcript, run.nodeId, messageOf(run, end, numbers)),
    }
  }

  function stop(): void {
    const run = current
    if (!run) return
    current = null
    frame.cancel()
    set({ ...messageChange(run, { type: 'stopped' }), liveOutput: null, turn: { type: 'idle' } })
    run.controller.abort()
    announce('Stopped')
  }

  async function start(parentId: NodeId, continuation?: Continuation): Promise<void> {
    stop()
    const run = (current = newRun(
      deps.newId() as NodeId,
      selectFormat(get())?.id ?? FORMAT_UNTIL_KNOWN,
    ))
    addAnswer(run, parentId)
    set({ turnFailure: null })
    const acquired = await engines.acquire(run.controller.signal)
    if (current !== run) return
    if (acquired.type === 'aborted') return stop()
    if (acquired.type === 'none') return fail(run, acquired.message)
    const { machinery } = get()
    if (!machinery) return fail(run, NO_MODEL)

    const { engine } = acquired
    run.modelName = engine.info.modelName
    const messages = pathTo(get().transcript, parentId).map(({ message }) => message)
    const request = {
      ...selectRunRequest(get(), messages, deps.nowMs()),
      continuation: continuation ?? null,
    }
    for await (const event of machinery.runAgent(engine, request, run.controller.signal)) {
      if (current !== run) {
        // A newer run owns the state now; all that is left to do is to note what the stopped answer took.
        if (event.type === 'turn-end') addNumbers(run, event)
        continue
      }
      if (event.type === 'turn-error' && event.error.kind === 'engine') {
        const { error } = event.error
        if (error.kind === 'crashed' || error.kind === 'device-lost')
          engines.reportDeath(engine, error)
      }
      apply(run, event)
    }
  }

  function addAnswer(run: Run, parentId: NodeId): void {
    const { nodeId, resultsId } = run
    const isWaiting = get().engineInfo === null
    run.turn = isWaiting ? { type: 'waiting-for-model', nodeId } : beginningOf(nodeId)
    const node = { id: nodeId, parentId, message: messageOf(run, { type: 'streaming' }) }
    // The user may have turned to another branch while the model goes on by itself.
    if (resultsId === null) nodes.add(node)
    else nodes.add(node, resultsId)
    set({ turn: run.turn, liveOutput: { nodeId, output: EMPTY_OUTPUT } })
  }

  function apply(run: Run, event: SessionEvent): void {
    switch (event.type) {
      case 'step-start':
        if (event.step > 1) beginNextAnswer(run)
        break
      case 'turn-start':
        run.prompt = event.prompt
        run.format = event.format
        run.startsInReasoning = event.startsInReasoning
        run.raw = event.kept.raw
        run.tokens = [...event.kept.tokens]
        run.forkedAt = event.kept.raw === '' ? null : event.kept.raw.length
        run.rules = event.rules
        run.turn = beginningOf(run.nodeId)
        frame.schedule()
        break
      case 'prefill': {
        const { done, total, cached } = event
        if (run.turn.type !== 'decode')
          run.turn = { type: 'prefill', nodeId: run.nodeId, done, total, cached }
        frame.schedule()
        break
      }
      case 'output-delta':
        run.raw += event.text
        run.tokens.push(...(event.tokens ?? []))
        run.turn = countToken(run)
        frame.schedule()
        break
      case 'turn-end':
        noteRead(run)
        finish(run, endOf(event.reason), event)
        break
      case 'turn-error':
        fail(run, turnMessage(event.error))
        break
      case 'step-end':
        break
      case 'results': {
        const message = { type: 'tool-results', results: event.results } as const
        run.resultsId = deps.newId() as NodeId
        nodes.add({ id: run.resultsId, parentId: run.nodeId, message }, run.nodeId)
        break
      }
      case 'run-end':
        endRun(run, event.end)
        break
      default:
        run.output = reduceOutput(run.output, event)
        frame.schedule()
    }
  }

  function countToken(run: Run): Turn {
    const nowMs = deps.nowMs()
    const tokens = run.turn.type === 'decode' ? run.turn.tokens + 1 : 1
    run.firstTokenMs ??= nowMs
    const elapsedMs = nowMs - run.firstTokenMs
    // The first token ends the prefill: the time of decoding begins with it.
    const tokensPerSecond = tokens > 1 && elapsedMs > 0 ? ((tokens - 1) * 1000) / elapsedMs : null
    return { type: 'decode', nodeId: run.nodeId, tokens, tokensPerSecond }
  }

  function finish(run: Run, end: AnswerEnd, numbers: Numbers): void {
    frame.cancel()
    set({ ...messageChange(run, end, numbers), liveOutput: null })
  }

  function fail(run: Run, message: UserMessage): void {
    finish(run, { type: 'failed', message: message.title }, { usage: null, timings: null })
    set({ turnFailure: message, turn: { type: 'idle' } })
    current = null
    announce(message.title)
  }

  /** What the prefix cache of the engine now holds. */
  function noteRead({ prompt, raw }: Run): void {
    const { engineInfo: info } = get()
    if (info) set({ engineRead: { info, text: prompt + raw } })
  }

  function beginNextAnswer(run: Run): void {
    const { controller, modelName, resultsId } = run
    if (resultsId === null) return
    Object.assign(run, newRun(deps.newId() as NodeId, run.format), {
      controller,
      modelName,
      resultsId,
    })
    addAnswer(run, resultsId)
  }

  function endRun(run: Run, end: RunEnd): void {
    current = null
    set({ turn: { type: 'idle' } })
    const notice = runEndNotice(end)
    if (notice) notify(notice)
    announce(runEndText(end, run.output))
  }

  /** Only for an answer that is still there as it was stopped. */
  function addNumbers(run: Run, { usage, timings }: Numbers): void {
    const { transcript } = get()
    const message = transcript.nodes.get(run.nodeId)?.message
    if (message?.type !== 'assistant' || message.end.type !== 'stopped') return
    set({ transcript: replaceMessage(transcript, run.nodeId, { ...message, usage, timings }) })
  }

  return { start, stop }
}

type Numbers = { readonly usage: Usage | null; readonly timings: Timings | null }

function newRun(nodeId: NodeId, format: FormatId): Run {
  return {
    controller: new AbortController(),
    nodeId,
    resultsId: null,
    prompt: '',
    format,
    startsInReasoning: false,
    rules: null,
    modelName: '',
    raw: '',
    tokens: [],
    forkedAt: null,
    output: EMPTY_OUTPUT,
    turn: { type: 'idle' },
    firstTokenMs: null,
  }
}

function beginningOf(nodeId: NodeId): Turn {
  return { type: 'prefill', nodeId, done: 0, total: null, cached: 0 }
}

function messageOf(run: Run, end: AnswerEnd, numbers?: Numbers): AssistantMessage {
  return {
    type: 'assistant',
    raw: run.raw,
    format: run.format,
    startsInReasoning: run.startsInReasoning,
    prompt: run.prompt,
    modelName: run.modelName,
    end,
    usage: numbers?.usage ?? null,
    timings: numbers?.timings ?? null,
    origin: 'model',
    ...(run.tokens.length > 0 && { tokens: [...run.tokens] }),
    ...(run.forkedAt !== null && { forkedAt: run.forkedAt }),
    ...(run.rules && { rules: run.rules }),
  }
}

function endOf(reason: 'stop' | 'length' | 'context' | 'abort'): AnswerEnd {
  switch (reason) {
    case 'stop':
      return { type: 'complete' }
    case 'length':
      return { type: 'length', limit: 'max-tokens' }
    case 'context':
      return { type: 'length', limit: 'context' }
    case 'abort':
      return { type: 'stopped' }
  }
}
