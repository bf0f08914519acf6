import { Wllama, type LoadModelParams } from '@wllama/wllama/esm/index.js'
import type { ModelFiles } from '../../core/gguf/model-files.ts'
import { contextLimit } from '../../core/gguf/yarn.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { EngineError, LoadOptions } from '../engine.ts'
import { WLLAMA_ASSETS } from '../wllama-assets.ts'
import { countedFile, createReadCounter } from './counted-file.ts'
import { createNativeLog, engineErrorFrom, type NativeLog } from './native-log.ts'

/** llama.cpp rounds the context up to a multiple of this. */
export const CONTEXT_STEP = 256

/** Tokens per prefill step, which is also how long an abort may take. */
const CPU_BATCH = 128
const GPU_BATCH = 512

/** A model that wllama has loaded. */
export type OpenWllama = { readonly wllama: Wllama; readonly log: NativeLog }

export type OpenTask = {
  readonly files: ModelFiles
  readonly options: LoadOptions
  readonly threads: number
  /** 0: the GPU is left alone. */
  readonly gpuLayers: number
  /** Renders prompts itself, with the model's own template. A template that it cannot read then fails the load. */
  readonly rendersPrompts: boolean
  readonly onRead: (doneBytes: number) => void
  readonly onWarmUp: () => void
}

/** Why it failed, and the native lines that tell of it, oldest first. */
export type OpenFailure = { readonly error: EngineError; readonly lines: readonly string[] }

/** Has wllama load a model, once. What it leaves behind when that fails is freed. */
export async function openWllama(
  task: OpenTask,
  signal: AbortSignal,
): Promise<Result<OpenWllama, OpenFailure>> {
  const { files, options, gpuLayers } = task
  const log = createNativeLog((text) => {
    if (text.startsWith('llama_context: constructing')) task.onWarmUp()
  })
  const wllama = new Wllama({ default: WLLAMA_ASSETS.wasmUrl }, { logger: log.logger })
  // Never wllama's own default, which is a CDN. On Firefox the compat build is worth its slowness only for WebGPU.
  wllama.setCompat(WLLAMA_ASSETS.compat, gpuLayers > 0 ? 'firefox_safari' : 'safari')
  const params: LoadModelParams = {
    ...loadParams(task),
    ...contextParams(options, files.header.contextLength),
  }
  const error = await tryLoad({ wllama, log, params, blobs: countReads(task) }, signal)
  if (!error) return ok({ wllama, log })
  await wllama.exit()
  return err({ error, lines: log.problems() })
}

function countReads({ files, onRead }: OpenTask): Blob[] {
  const count = createReadCounter(files.sizeBytes, onRead)
  onRead(0)
  return files.shards
    .filter((shard) => shard instanceof Blob)
    .map((file) => countedFile(file, count))
}

/** Our prompts come whole, and a model's own template that it cannot read, or that refuses its probe, fails the load. */
const TEMPLATE_UNREAD = { jinja: false, chat_template: 'chatml' }

function loadParams({ threads, gpuLayers, rendersPrompts }: OpenTask): LoadModelParams {
  const isGpu = gpuLayers > 0
  return {
    n_threads: threads,
    n_gpu_layers: gpuLayers,
    n_batch: isGpu ? GPU_BATCH : CPU_BATCH,
    // More requests than slots hang forever: the queue is ours.
    n_parallel: 1,
    // Otherwise old prompts pile up in a heap of 4 GiB.
    cache_idle_slots: false,
    // On the GPU it compiles the shaders; on the CPU it would only cost a token.
    warmup: isGpu,
    ...(rendersPrompts ? { jinja: true } : TEMPLATE_UNREAD),
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
