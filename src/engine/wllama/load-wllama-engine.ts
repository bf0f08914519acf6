import { Wllama, type LoadModelParams } from '@wllama/wllama/esm/index.js'
import type { ModelFiles } from '../../core/gguf/model-files.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type {
  Backend,
  Engine,
  EngineError,
  EngineInfo,
  LoadProgress,
  LoadRequest,
} from '../engine.ts'
import { WLLAMA_ASSETS } from '../wllama-assets.ts'
import { navigatorGpu } from '../gpu-adapter.ts'
import { chooseBackend, type BackendPlan } from './choose-backend.ts'
import { countedFile, createReadCounter } from './counted-file.ts'
import { createNativeLog, engineErrorFrom, type NativeLog } from './native-log.ts'
import { createWllamaEngine } from './wllama-engine.ts'

/** llama.cpp rounds the context up to a multiple of this. */
const CONTEXT_STEP = 256

/** Tokens per prefill step, which is also how long an abort may take. */
const CPU_BATCH = 128
const GPU_BATCH = 512

/** wllama's default: more layers than any model has. */
const ALL_LAYERS = 99_999

/** Loads a model with wllama. Runs in the engine's worker, where it may block; see the README of this layer. */
export async function loadWllamaEngine(
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<Result<Engine, EngineError>> {
  const { files, options } = request
  onProgress({ phase: 'engine' })
  const refusal = refuse(files)
  if (refusal) return err(refusal)
  const plan = await chooseBackend(options, files.sizeBytes, {
    gpu: navigatorGpu(),
    cores: navigator.hardwareConcurrency,
    isCrossOriginIsolated: globalThis.crossOriginIsolated,
  })
  const log = createNativeLog((text) => {
    if (text.startsWith('llama_context: constructing')) onProgress({ phase: 'warm-up' })
  })
  const wllama = new Wllama({ default: WLLAMA_ASSETS.wasmUrl }, { logger: log.logger })
  // Never wllama's own default, which is a CDN. On Firefox the compat build is worth its slowness only for WebGPU.
  wllama.setCompat(WLLAMA_ASSETS.compat, plan.type === 'webgpu' ? 'firefox_safari' : 'safari')
  const trainedLength = files.header.contextLength ?? Infinity
  const paddedLength = Math.ceil(options.contextLength / CONTEXT_STEP) * CONTEXT_STEP
  const params: LoadModelParams = {
    ...loadParams(plan, options.gpuLayers),
    n_ctx: Math.max(1, Math.min(paddedLength, trainedLength)),
  }
  const failure = await tryLoad(
    { wllama, log, params, blobs: countReads(files, onProgress) },
    signal,
  )
  if (failure) {
    await wllama.exit()
    return err(failure)
  }
  return ok(createWllamaEngine({ wllama, log, info: readInfo(wllama, { files, plan, log }) }))
}

/** What wllama would only fail on obscurely. */
function refuse({ header, shards }: ModelFiles): EngineError | null {
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
  return null
}

function countReads(files: ModelFiles, onProgress: (progress: LoadProgress) => void): Blob[] {
  const totalBytes = files.sizeBytes
  const report = (doneBytes: number) => onProgress({ phase: 'weights', doneBytes, totalBytes })
  const onRead = createReadCounter(totalBytes, report)
  report(0)
  return files.shards
    .filter((shard) => shard instanceof Blob)
    .map((file) => countedFile(file, onRead))
}

function loadParams(plan: BackendPlan, gpuLayers: number | null): LoadModelParams {
  const isGpu = plan.type === 'webgpu'
  return {
    n_threads: plan.threads,
    n_gpu_layers: isGpu ? (gpuLayers ?? ALL_LAYERS) : 0,
    n_batch: isGpu ? GPU_BATCH : CPU_BATCH,
    // More requests than slots hang forever: the queue is ours.
    n_parallel: 1,
    // Otherwise old prompts pile up in a heap of 4 GiB.
    cache_idle_slots: false,
    // On the GPU it compiles the shaders; on the CPU it would only cost a token.
    warmup: isGpu,
    // It never renders a prompt, but a model's own template that it cannot read, or that refuses its probe, fails the load.
    jinja: false,
    chat_template: 'chatml',
  }
}

type Loading = {
  readonly wllama: Wllama
  readonly log: NativeLog
  readonly params: LoadModelParams
  readonly blobs: Blob[]
}

/** Returns what went wrong, or null. A broken file "loads" without an exception and only `success` tells. */
async function tryLoad(
  { wllama, log, params, blobs }: Loading,
  signal: AbortSignal,
): Promise<EngineError | null> {
  const stopped = AbortSignal.any([signal, log.crashed])
  try {
    await Promise.race([wllama.loadModel(blobs, params), rejectOn(stopped)])
  } catch (thrown) {
    if (signal.aborted) return { kind: 'aborted' }
    return engineErrorFrom({ during: 'load', problems: log.problems(), thrown })
  }
  const info: object = wllama.getLoadedContextInfo()
  if ('success' in info && info.success === true) return null
  return engineErrorFrom({ during: 'load', problems: log.problems(), thrown: undefined })
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new Error('The worker of wllama failed.'))
    if (signal.aborted) fail()
    signal.addEventListener('abort', fail, { once: true })
  })
}

type LoadedParts = {
  readonly files: ModelFiles
  readonly plan: BackendPlan
  readonly log: NativeLog
}

function readInfo(wllama: Wllama, { files, plan, log }: LoadedParts): EngineInfo {
  const loaded = wllama.getLoadedContextInfo()
  return {
    engine: 'wllama',
    modelName: files.name,
    backend: readBackend(wllama, plan, log),
    contextLength: Math.min(
      Math.ceil(loaded.n_ctx / CONTEXT_STEP) * CONTEXT_STEP,
      loaded.n_ctx_train,
    ),
    trainedContextLength: loaded.n_ctx_train,
    chatTemplate: files.header.chatTemplate ?? wllama.getChatTemplate(),
    bosToken: files.header.bosToken,
    eosToken: files.header.eosToken,
    addsBos: wllama.mustAddBosToken(),
    sizeBytes: files.sizeBytes,
    architecture: files.header.architecture,
  }
}

/** wllama falls back to the CPU without a word, so only the log tells what really computes. */
function readBackend(wllama: Wllama, plan: BackendPlan, log: NativeLog): Backend {
  const threads = wllama.getNumThreads()
  if (plan.type === 'cpu') return { ...plan, threads }
  const offloaded = log.find(/offloaded (\d+)\/(\d+) layers to GPU/)
  const layers = Number(offloaded?.[1] ?? 0)
  if (layers === 0) return { type: 'cpu', threads, why: 'The engine could not use the GPU' }
  return { type: 'webgpu', adapter: plan.adapter, layers, totalLayers: Number(offloaded?.[2]) }
}
