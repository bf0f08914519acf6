import type { ChatCompletionChunk, ChatCompletionParams } from '@wllama/wllama/esm/index.js'
import { estimateMemory } from '../../core/gguf/estimate-memory.ts'
import { isJsonObject } from '../../core/lib/json.ts'
import type { Result } from '../../core/lib/result.ts'
import type { ChatEvent, ChatRequest } from '../chat.ts'
import type { EngineError, WllamaLoadRequest } from '../engine.ts'
import { createEventChannel } from '../event-channel.ts'
import { readChunk } from '../remote/read-chunk.ts'
import { chatBody } from '../remote/request-body.ts'
import { createTally } from '../remote/tally.ts'
import { engineErrorFrom } from './native-log.ts'
import type { OpenFailure, OpenWllama } from './open-wllama.ts'

export type NativeChatSetup = {
  readonly request: WllamaLoadRequest
  /** Loads the model once more, with its own template; whoever gets it ends it with `exit`. */
  readonly open: (
    onRead: (doneBytes: number) => void,
    signal: AbortSignal,
  ) => Promise<Result<OpenWllama, OpenFailure>>
}

/** The engine's WebAssembly memory, which each load has anew. */
const HEAP_BYTES = 4 * 2 ** 30
/** Of the machine's memory: the system, the browser and other tabs live there too. */
const MEMORY_SHARE = 0.8
/** Browsers report no more than this, so it may be more. */
const LARGEST_REPORTED_GIB = 8

/**
 * llama.cpp's own tool calling, on a second, short-lived load of the same files.
 *
 * The engine's own load must not read the model's template, which may refuse to be read; here what it then says is the point.
 * It runs on the CPU, so that it takes nothing from a model on the GPU.
 */
export async function* nativeChat(
  setup: NativeChatSetup,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, void, void> {
  const channel = createEventChannel<ChatEvent>()
  const left = new AbortController()
  const stopped = AbortSignal.any([signal, left.signal])
  void run(setup, request, { push: (event) => channel.push(event), signal: stopped })
    .catch((cause: unknown) => {
      channel.push({ type: 'error', error: { kind: 'crashed', detail: String(cause) } })
    })
    .finally(() => channel.close())
  try {
    yield* channel.read()
  } finally {
    left.abort()
  }
}

type Run = { readonly push: (event: ChatEvent) => void; readonly signal: AbortSignal }

async function run(
  setup: NativeChatSetup,
  request: ChatRequest,
  { push, signal }: Run,
): Promise<void> {
  const { files } = setup.request
  const refusal = refuseForMemory(setup.request)
  if (refusal) return push({ type: 'error', error: refusal })
  const tally = createTally()
  const totalBytes = files.sizeBytes
  const opened = await setup.open(
    (doneBytes) => push({ type: 'loading', doneBytes, totalBytes }),
    signal,
  )
  if (!opened.ok) {
    const { error, lines } = opened.error
    if (error.kind === 'aborted') return push(tally.end('abort'))
    push({ type: 'log', lines })
    return push({ type: 'error', error })
  }
  const { wllama, log } = opened.value
  try {
    await converse({ model: { wllama, log }, name: files.name, request }, { push, signal })
  } finally {
    await wllama.exit()
  }
}

type Conversation = {
  readonly model: OpenWllama
  readonly name: string
  readonly request: ChatRequest
}

async function converse(
  { model, name, request }: Conversation,
  { push, signal }: Run,
): Promise<void> {
  const { log } = model
  const maxTokens = Math.floor(request.sampling.maxTokens)
  // What its server takes, this build takes: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
  const body = chatBody(request, { model: name, server: 'llama-server', maxTokens })
  push({ type: 'sent', body: JSON.stringify(body, null, 2) })
  const tally = createTally()
  if (maxTokens < 1) return push(tally.end('length'))

  // An answer that it cannot read has no end, and only the end tells the prompt: so that is asked for first. With this
  // choice the tools stay in the prompt and nothing is read, and the prefix cache keeps the prompt.
  let prompt: string | null = null
  const asked = await complete(
    model,
    {
      params: { ...body, tool_choice: 'none', max_tokens: 1, verbose: true },
      onChunk: (chunk) => (prompt = promptIn(chunk) ?? prompt),
    },
    signal,
  )
  if (signal.aborted) return push(tally.end('abort'))
  if (asked !== null) return fail(asked)
  if (prompt !== null) push({ type: 'prompt', prompt })

  let finish: string | null = null
  const thrown = await complete(
    model,
    {
      params: { ...body, verbose: true },
      onChunk: (raw) => {
        const own = promptIn(raw)
        if (own !== null && own !== prompt) push({ type: 'prompt', prompt: own })
        const chunk = readChunk(raw)
        if (!chunk) return
        if (chunk.usage) tally.usage(chunk.usage)
        finish = chunk.finish ?? finish
        if (chunk.text !== '' || chunk.reasoning !== '' || chunk.calls.length > 0) tally.token()
        if (chunk.reasoning !== '') push({ type: 'reasoning', text: chunk.reasoning })
        if (chunk.text !== '') push({ type: 'text', text: chunk.text })
        for (const part of chunk.calls) push({ type: 'call-part', ...part })
      },
    },
    signal,
  )
  if (signal.aborted) return push(tally.end('abort'))
  if (thrown !== null) return fail(thrown)
  push(tally.end(finish === 'length' ? 'length' : 'stop'))

  function fail(cause: unknown): void {
    // What llama.cpp caught surfaces in wllama as an odd length, with a stack trace: that is no part of the reason.
    const problems = log
      .problems()
      .filter((line) => line.trim() !== '' && !/Invalid typed array length/.test(line))
    push({ type: 'log', lines: problems })
    push({ type: 'error', error: engineErrorFrom({ during: 'request', problems, thrown: cause }) })
  }
}

type Completion = {
  readonly params: object
  readonly onChunk: (raw: ChatCompletionChunk) => void
}

/** Resolves to null at the end, else to what was thrown. */
async function complete(
  { wllama, log }: OpenWllama,
  { params, onChunk }: Completion,
  signal: AbortSignal,
): Promise<unknown> {
  log.clearProblems()
  const died = new Promise<Error>((resolve) => {
    const tell = () => resolve(new Error('The worker of wllama failed.'))
    if (log.crashed.aborted) tell()
    log.crashed.addEventListener('abort', tell, { once: true })
  })
  // Its types know neither the names nor the values of llama.cpp; the body is what `chatBody` makes for it.
  const options = params as ChatCompletionParams & { stream: true }
  const work = wllama
    .createChatCompletion({ ...options, onData: onChunk, abortSignal: signal })
    .then(() => null)
    .catch((thrown: unknown) => thrown ?? new Error('No reason given.'))
  return Promise.race([work, died])
}

/** With `verbose` the last chunk tells the prompt, as llama.cpp's own template engine made it. */
function promptIn(raw: unknown): string | null {
  const verbose = isJsonObject(raw) ? raw['__verbose'] : null
  const prompt = isJsonObject(verbose) ? verbose['prompt'] : null
  return typeof prompt === 'string' ? prompt : null
}

/** Both models are in memory at a time. */
function refuseForMemory({ files, options }: WllamaLoadRequest): EngineError | null {
  const { weightsBytes, kvCacheBytes, computeBytes } = estimateMemory(
    files.header,
    files.sizeBytes,
    options,
  )
  const neededBytes = weightsBytes + kvCacheBytes + computeBytes
  if (neededBytes > HEAP_BYTES) return { kind: 'out-of-memory', neededBytes }
  const { deviceMemory = null } = navigator as { readonly deviceMemory?: number }
  if (deviceMemory === null || deviceMemory >= LARGEST_REPORTED_GIB) return null
  return 2 * neededBytes > deviceMemory * 2 ** 30 * MEMORY_SHARE
    ? { kind: 'out-of-memory', neededBytes: 2 * neededBytes }
    : null
}
