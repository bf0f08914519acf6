import type { Wllama } from '@wllama/wllama/esm/index.js'
import { kvCacheShape } from '../../core/gguf/kv-cache.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import {
  chooseBackend,
  withoutGpu,
  type BackendPlan,
  type PlannedThreads,
} from '../choose-backend.ts'
import type {
  Backend,
  Engine,
  EngineError,
  EngineInfo,
  LoadProgress,
  LoadRequest,
  WllamaLoadRequest,
} from '../engine.ts'
import { findAdapter, navigatorGpu } from '../gpu-adapter.ts'
import { measureThreads } from '../measure-threads.ts'
import { numbersKey, type SelfTest, type SelfTestReference } from '../self-test.ts'
import { WLLAMA_VERSION } from '../wllama-assets.ts'
import { nativeChat, type NativeChatSetup } from './native-chat.ts'
import { CONTEXT_STEP, openWllama, type OpenWllama } from './open-wllama.ts'
import { fingerprintOf, readTopTokens, runSelfTest, SELF_TEST_CONTEXT } from './run-self-test.ts'
import { createWllamaEngine } from './wllama-engine.ts'

/** Beyond this the CPU would take minutes for its numbers, if they fit into its memory at all. */
const MOST_REFERENCE_BYTES = 2 * 2 ** 30
/** Of the machine's memory: the reference is computed before the GPU gets the weights, so it is there alone. */
const MOST_REFERENCE_SHARE = 1 / 3

type Load = {
  readonly request: WllamaLoadRequest
  readonly threads: Threads
  readonly onProgress: (progress: LoadProgress) => void
  readonly signal: AbortSignal
}

type Threads = { readonly count: number; readonly why: string }

type KnownReference = {
  readonly reference: SelfTestReference | null
  /** Null when it was known before. */
  readonly tookMs: number | null
}

/**
 * Loads a model with wllama. Runs in the engine's worker, where it may block; see the README of this layer.
 *
 * What a GPU computes is compared with the CPU's numbers before it is trusted. When it fails, now or in one of the failures
 * that the request brings along, the model is loaded on the CPU instead, and the backend says why.
 */
export async function loadWllamaEngine(
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<Result<Engine, EngineError>> {
  if (request.engine !== 'wllama') {
    return err({ kind: 'unsupported', detail: 'This worker loads GGUF files only.' })
  }
  const { files, options } = request
  onProgress({ phase: 'engine' })
  const refusal = refuse(request)
  if (refusal) return err(refusal)
  const { crossOriginIsolated: isCrossOriginIsolated } = globalThis
  const cores = navigator.hardwareConcurrency
  // Asking for an adapter wakes the GPU's process: not for who does not want it.
  const gpu = await findAdapter(options.gpuLayers === 0 ? undefined : navigatorGpu())
  const plan = chooseBackend(options, files, { gpu, cores, isCrossOriginIsolated })
  const load: Load = {
    request,
    threads: await settleThreads(plan.threads, cores, signal),
    onProgress,
    signal,
  }
  if (plan.type === 'cpu') return loadOnCpu(load, { why: plan.why, selfTest: null })
  const fingerprint = await fingerprintOf(files, options)
  const failure = request.gpuFailures?.find(
    (known) =>
      known.fingerprint === fingerprint &&
      known.adapter === plan.adapter &&
      known.engineVersion === WLLAMA_VERSION,
  )
  if (!failure) return loadOnGpu(load, plan, fingerprint)
  const { why } = withoutGpu(plan)
  return loadOnCpu(load, { why, selfTest: failure.test, gpuFailure: failure })
}

type CpuReason = {
  readonly why: string
  readonly selfTest: SelfTest | null
} & Pick<EngineInfo, 'selfTestReference' | 'gpuFailure'>

async function loadOnCpu(
  load: Load,
  { why, selfTest, ...findings }: CpuReason,
): Promise<Result<Engine, EngineError>> {
  const { threads } = load
  const opened = await open(load, 0)
  if (!opened.ok) return opened
  const backend: Backend = {
    type: 'cpu',
    // What wllama really uses: without shared memory only one.
    threads: opened.value.wllama.getNumThreads(),
    why,
    ...(threads.why && { threadsWhy: threads.why }),
    ...(selfTest && { selfTest }),
  }
  return ok(engineOf(load, opened.value, { backend, ...findings }))
}

async function loadOnGpu(
  load: Load,
  plan: Extract<BackendPlan, { type: 'webgpu' }>,
  fingerprint: string,
): Promise<Result<Engine, EngineError>> {
  const { request, onProgress, signal } = load
  const known = await findReference(load, fingerprint)
  if (signal.aborted) return err({ kind: 'aborted' })
  const opened = await open(load, plan.layers)
  if (!opened.ok) return opened
  const { wllama, log } = opened.value
  // wllama falls back to the CPU without a word, so only the log tells what really computes.
  const offloaded = log.find(/offloaded (\d+)\/(\d+) layers to GPU/)
  const buffer = log.find(/WebGPU model buffer size.*/)
  const layers = Number(offloaded?.[1] ?? 0)
  if (layers === 0 || !buffer) {
    const backend: Backend = {
      type: 'cpu',
      threads: wllama.getNumThreads(),
      why: 'The engine could not use the GPU',
    }
    return ok(engineOf(load, opened.value, { backend }))
  }
  const selfTest = await runSelfTest(
    {
      opened: opened.value,
      adapter: plan.adapter,
      reference: known.reference,
      referenceMs: known.tookMs,
      onProgress: (done, total) => onProgress({ phase: 'self-test', done, total }),
    },
    signal,
  )
  if (signal.aborted || selfTest.result === 'failed') await wllama.exit()
  if (signal.aborted) return err({ kind: 'aborted' })
  const { reference } = known
  const fresh = known.tookMs !== null && reference ? { selfTestReference: reference } : {}
  if (selfTest.result === 'failed') {
    const why = 'The GPU computed wrong numbers in the self-test'
    // A device that went away in the test has computed no wrong numbers: the next load may try it again.
    if (log.crashed.aborted) return loadOnCpu(load, { why, selfTest, ...fresh })
    const { files, options } = request
    const gpuFailure = {
      fingerprint,
      adapter: plan.adapter,
      engineVersion: WLLAMA_VERSION,
      modelName: files.name,
      sizeBytes: files.sizeBytes,
      numbers: numbersKey(options),
      test: selfTest,
    }
    return loadOnCpu(load, { why, selfTest, gpuFailure, ...fresh })
  }
  const backend: Backend = {
    type: 'webgpu',
    adapter: plan.adapter,
    layers,
    totalLayers: Number(offloaded?.[2]),
    evidence: [offloaded?.[0] ?? '', buffer[0].replace(/\s+/g, ' ')],
    selfTest,
  }
  return ok(engineOf(load, opened.value, { backend, ...fresh }))
}

/** The CPU's numbers for the self-test: those that the request brings along, else computed now, else none. */
async function findReference(load: Load, fingerprint: string): Promise<KnownReference> {
  const { request, onProgress, signal } = load
  const { files, options } = request
  const known = request.references?.find((entry) => entry.fingerprint === fingerprint)
  if (known) return { reference: known, tookMs: null }
  const nothing = { reference: null, tookMs: null }
  const { deviceMemory } = navigator as { readonly deviceMemory?: number }
  const memoryBytes = deviceMemory === undefined ? Infinity : deviceMemory * 2 ** 30
  const mostBytes = Math.min(MOST_REFERENCE_BYTES, memoryBytes * MOST_REFERENCE_SHARE)
  if (files.sizeBytes > mostBytes) return nothing
  const startedAt = performance.now()
  const totalBytes = files.sizeBytes
  const opened = await openWllama(
    {
      files,
      options: { ...options, contextLength: SELF_TEST_CONTEXT },
      threads: load.threads.count,
      gpuLayers: 0,
      rendersPrompts: false,
      onRead: (doneBytes) => onProgress({ phase: 'reference', doneBytes, totalBytes }),
      onWarmUp: () => undefined,
    },
    signal,
  )
  // What is wrong with the file, the load itself will tell.
  if (!opened.ok) return nothing
  const positions = await readTopTokens(opened.value, () => undefined, signal)
  await opened.value.wllama.exit()
  const told = positions.filter((place) => place.length > 0).length
  if (told < LEAST_PLACES) return nothing
  return { reference: { fingerprint, positions }, tookMs: performance.now() - startedAt }
}

/** With fewer to compare a pass would mean little. */
const LEAST_PLACES = 4

async function open(
  { request, threads, onProgress, signal }: Load,
  gpuLayers: number,
): Promise<Result<OpenWllama, EngineError>> {
  const { files, options } = request
  const totalBytes = files.sizeBytes
  const opened = await openWllama(
    {
      files,
      options,
      threads: threads.count,
      gpuLayers,
      rendersPrompts: false,
      onRead: (doneBytes) => onProgress({ phase: 'weights', doneBytes, totalBytes }),
      onWarmUp: () => onProgress({ phase: 'warm-up' }),
    },
    signal,
  )
  return opened.ok ? opened : err(opened.error.error)
}

/** Measures where the plan leaves it open. */
async function settleThreads(
  { count, why }: PlannedThreads,
  cores: number,
  signal: AbortSignal,
): Promise<Threads> {
  if (count !== null) return { count, why }
  try {
    const { best, speeds, tookMs } = await measureThreads(cores, signal)
    const tried = speeds.map(({ threads, speed }) => `${threads}: ${speed.toFixed(1)}×`).join(', ')
    return { count: best, why: `Measured in ${Math.round(tookMs)} ms: ${tried}` }
  } catch {
    return { count: 1, why: 'The threads could not be measured' }
  }
}

/** What wllama would only fail on obscurely. */
function refuse({ files: { header, shards }, options }: WllamaLoadRequest): EngineError | null {
  if (header.architecture === 'clip') {
    // wllama would take it for the companion of a missing language model.
    return {
      kind: 'unsupported',
      detail: 'This file is the vision part (mmproj) of a model, not a model.',
    }
  }
  if (!shards.every((shard) => shard instanceof Blob)) {
    return { kind: 'unsupported', detail: 'wllama reads models from files only.' }
  }
  if (!kvCacheShape(header).types.includes(options.cacheType)) {
    const detail = `The attention heads of this model cannot be stored as ${options.cacheType}: use f16 for the KV cache.`
    return { kind: 'unsupported', detail }
  }
  return null
}

type Findings = Pick<EngineInfo, 'backend' | 'selfTestReference' | 'gpuFailure'>

function engineOf({ request, threads }: Load, opened: OpenWllama, findings: Findings): Engine {
  const info = { ...readInfo(opened.wllama, request), ...findings }
  const { files, options } = request
  const openForChat: NativeChatSetup['open'] = (onRead, stop) =>
    openWllama(
      {
        files,
        options,
        threads: threads.count,
        gpuLayers: 0,
        rendersPrompts: true,
        onRead,
        onWarmUp: () => undefined,
      },
      stop,
    )
  return createWllamaEngine({
    ...opened,
    info,
    chat: (chatRequest, stop) => nativeChat({ request, open: openForChat }, chatRequest, stop),
  })
}

function readInfo(
  wllama: Wllama,
  { files, options }: WllamaLoadRequest,
): Omit<EngineInfo, 'backend'> {
  const loaded = wllama.getLoadedContextInfo()
  return {
    engine: 'wllama',
    modelName: files.name,
    contextLength: Math.min(
      Math.ceil(loaded.n_ctx / CONTEXT_STEP) * CONTEXT_STEP,
      loaded.n_ctx_train,
    ),
    // With YaRN llama.cpp tells the stretched length.
    trainedContextLength:
      files.header.contextLength ?? options.yarn?.originalContext ?? loaded.n_ctx_train,
    yarn: options.yarn,
    cacheType: options.cacheType,
    cacheShape: kvCacheShape(files.header),
    chatTemplate: files.header.chatTemplate ?? wllama.getChatTemplate(),
    bosToken: files.header.bosToken,
    eosToken: files.header.eosToken,
    addsBos: wllama.mustAddBosToken(),
    sizeBytes: files.sizeBytes,
    architecture: files.header.architecture,
  }
}
