import { Wllama, type LoadModelParams } from '@wllama/wllama/esm/index.js'
import { kvCacheShape } from '../../core/gguf/kv-cache.ts'
import type { ModelFiles } from '../../core/gguf/model-files.ts'
import { contextLimit } from '../../core/gguf/yarn.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type {
  Backend,
  Engine,
  EngineError,
  EngineInfo,
  LoadOptions,
  LoadProgress,
  LoadRequest,
  WllamaLoadRequest,
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
  if (request.engine !== 'wllama') {
    return err({ kind: 'unsupported', detail: 'This worker loads GGUF files only.' })
  }
  const { files, options } = request
  onProgress({ phase: 'engine' })
  const refusal = refuse(request)
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
  const params: LoadModelParams = {
    ...loadParams(plan, options.gpuLayers),
    ...contextParams(options, files.header.contextLength),
  }
  const failure = await tryLoad(
    { wllama, log, params, blobs: countReads(files, onProgress) },
    signal,
  )
  if (failure) {
    await wllama.exit()
    return err(failure)
  }
  return ok(createWllamaEngine({ wllama, log, info: readInfo(wllama, { request, plan, log }) }))
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

/** llama.cpp itself raises the model's limit to `yarn_orig_ctx / rope_freq_scale` when both are given. */
function contextParams(
  { contextLength, cacheType, yarn }: LoadOptions,
  trainedLength: number | null,
): LoadModelParams {
  const paddedLength = Math.ceil(contextLength / CONTEXT_STEP) * CONTEXT_STEP
  const limit = contextLimit(trainedLength, yarn) ?? Infinity
  return {
    n_ctx: Math.max(1, Math.min(paddedLength, limit)),
    // Quantized values are refused without flash attention; to wllama, true means "where it helps or is needed".
    ...(cacheType !== 'f16' && {
      cache_type_k: cacheType,
      cache_type_v: cacheType,
      flash_attn: true,
    }),
    ...(yarn && {
      rope_scaling_type: 'LLAMA_ROPE_SCALING_TYPE_YARN' as const,
      rope_freq_scale: 1 / yarn.factor,
      yarn_orig_ctx: yarn.originalContext,
    }),
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
  readonly request: WllamaLoadRequest
  readonly plan: BackendPlan
  readonly log: NativeLog
}

function readInfo(wllama: Wllama, { request, plan, log }: LoadedParts): EngineInfo {
  const { files, options } = request
  const loaded = wllama.getLoadedContextInfo()
  return {
    engine: 'wllama',
    modelName: files.name,
    backend: readBackend(wllama, plan, log),
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

/** wllama falls back to the CPU without a word, so only the log tells what really computes. */
function readBackend(wllama: Wllama, plan: BackendPlan, log: NativeLog): Backend {
  const threads = wllama.getNumThreads()
  if (plan.type === 'cpu') return { ...plan, threads }
  const offloaded = log.find(/offloaded (\d+)\/(\d+) layers to GPU/)
  const layers = Number(offloaded?.[1] ?? 0)
  if (layers === 0) return { type: 'cpu', threads, why: 'The engine could not use the GPU' }
  return { type: 'webgpu', adapter: plan.adapter, layers, totalLayers: Number(offloaded?.[2]) }
}
