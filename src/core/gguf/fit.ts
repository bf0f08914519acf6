import { estimateMemory, type MemoryEstimate } from './estimate-memory.ts'
import type { GgufHeader, GgufTensor } from './gguf-header.ts'
import type { CacheType } from './kv-cache.ts'

/** Whether a model can run here. `tight`: it should, with little to spare. */
export type FitVerdict = 'fits' | 'tight' | 'will-not-fit'

/** What this machine and browser have, as far as a page may know. */
export type DeviceFacts = {
  /** The engine's WebAssembly memory: at most 4 GiB. */
  readonly heapLimitBytes: number
  /** `navigator.deviceMemory`: coarse and, on large machines, too little. Null when not told. */
  readonly memoryBytes: number | null
  /** Null without a usable adapter. */
  readonly webgpu: GpuLimits | null
  /** `navigator.storage.estimate()`; null when not told. */
  readonly storage: { readonly quotaBytes: number; readonly usedBytes: number } | null
}

/** The adapter's limits of the same names. */
export type GpuLimits = {
  readonly maxStorageBufferBindingSize: number
  readonly maxBufferSize: number
}

export type FitRequest = {
  /** Of the first shard. */
  readonly header: GgufHeader
  /** The tensors of all shards; null when the header has them all. */
  readonly tensors: readonly GgufTensor[] | null
  readonly sizeBytes: number
  readonly contextLength: number
  readonly cacheType: CacheType
  /** What is still to be downloaded; 0 when the model is here. */
  readonly downloadBytes: number
  readonly device: DeviceFacts
}

/** One thing that has to fit into another, with the numbers. */
export type FitLine = {
  /**
   * `heap`: what the engine keeps in its own memory. `largest-tensor`, `cache-tensor`: one buffer of the GPU holds it.
   * `memory`: all together in the machine. `storage`: the download.
   */
  readonly what: 'heap' | 'largest-tensor' | 'cache-tensor' | 'memory' | 'storage'
  /** The tensor's name. */
  readonly subject: string | null
  readonly neededBytes: number
  /** Null when nobody knows. */
  readonly limitBytes: number | null
  readonly verdict: FitVerdict
}

export type BackendFit = { readonly verdict: FitVerdict; readonly lines: readonly FitLine[] }

export type FitReport = {
  /** Of the better backend, and of the storage. */
  readonly verdict: FitVerdict
  /** Where it runs best. */
  readonly backend: 'cpu' | 'webgpu'
  readonly memory: MemoryEstimate
  readonly cpu: BackendFit
  /** Null without WebGPU. */
  readonly webgpu: BackendFit | null
  readonly storage: FitLine | null
}

/** Of a hard limit; the estimate of working memory is rough, and the engine's own needs are not in it. */
const TIGHT_SHARE = 0.8
/** Of the machine's memory: the system, the browser and other tabs live there too. */
const TIGHT_MEMORY_SHARE = 0.6
/** Browsers report no more than this, so beyond it the report is a lower bound. */
const LARGEST_REPORTED_MEMORY = 8 * 1024 ** 3
/** The engine asks llama.cpp for the embedding on the CPU: it is a table to look up in. */
const EMBEDDING = 'token_embd.weight'
/** Without it the embedding is used for the output as well, so it goes to the GPU too. */
const OUTPUT = 'output.weight'

const ORDER: readonly FitVerdict[] = ['fits', 'tight', 'will-not-fit']

/**
 * Says whether a model fits here, and shows the numbers.
 *
 * On the CPU everything lies in the engine's heap. With WebGPU the weights and the cache lie in buffers of the GPU, of
 * which each holds whole tensors: one tensor larger than a buffer may be cannot be placed. How much memory a GPU has,
 * no page can ask.
 */
export function assessFit(request: FitRequest): FitReport {
  const { header, device, downloadBytes } = request
  const memory = estimateMemory(header, request.sizeBytes, request)
  const totalBytes = memory.weightsBytes + memory.kvCacheBytes + memory.computeBytes
  const machine = memoryLine(totalBytes, device.memoryBytes)
  const cpu = backendFit([line('heap', totalBytes, device.heapLimitBytes), machine])
  const webgpu = device.webgpu ? backendFit([...gpuLines(request, memory), machine]) : null
  const storage = storageLine(downloadBytes, device.storage)
  const isGpuAsGood = webgpu !== null && worseOf(webgpu.verdict, cpu.verdict) === cpu.verdict
  const best = isGpuAsGood ? webgpu : cpu
  return {
    verdict: worseOf(best.verdict, storage?.verdict ?? 'fits'),
    backend: isGpuAsGood ? 'webgpu' : 'cpu',
    memory,
    cpu,
    webgpu,
    storage,
  }
}

function gpuLines(request: FitRequest, memory: MemoryEstimate): readonly FitLine[] {
  const { header, device } = request
  if (!device.webgpu) return []
  const { maxBufferSize, maxStorageBufferBindingSize } = device.webgpu
  const bufferBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize)
  const tensors = request.tensors ?? header.tensors
  const embedding = tensors.find(({ name }) => name === EMBEDDING)
  const isTied = !tensors.some(({ name }) => name === OUTPUT)
  const onGpu = tensors.filter((tensor) => tensor !== embedding || isTied)
  const largest = onGpu.reduce<GgufTensor | null>(
    (most, tensor) => ((tensor.sizeBytes ?? 0) > (most?.sizeBytes ?? 0) ? tensor : most),
    null,
  )
  const layers = header.metadata.get(`${header.architecture}.block_count`)
  // One tensor for the keys and one for the values of each layer.
  const cacheTensors = 2 * (typeof layers === 'number' && layers > 0 ? layers : 1)
  const heapBytes = (embedding?.sizeBytes ?? 0) + memory.computeBytes
  return [
    exactLine({
      what: 'largest-tensor',
      subject: largest?.name ?? null,
      neededBytes: largest?.sizeBytes ?? 0,
      limitBytes: bufferBytes,
    }),
    exactLine({
      what: 'cache-tensor',
      subject: null,
      neededBytes: Math.ceil(memory.kvCacheBytes / cacheTensors),
      limitBytes: bufferBytes,
    }),
    line('heap', heapBytes, device.heapLimitBytes),
  ]
}

/** An estimate against a limit. */
function line(what: FitLine['what'], neededBytes: number, limitBytes: number): FitLine {
  const share = neededBytes / limitBytes
  const verdict = share > 1 ? 'will-not-fit' : share > TIGHT_SHARE ? 'tight' : 'fits'
  return { what, subject: null, neededBytes, limitBytes, verdict }
}

/** A known size against a limit: there is no tight. */
function exactLine(facts: Omit<FitLine, 'verdict'> & { readonly limitBytes: number }): FitLine {
  return { ...facts, verdict: facts.neededBytes > facts.limitBytes ? 'will-not-fit' : 'fits' }
}

function memoryLine(neededBytes: number, limitBytes: number | null): FitLine {
  const facts = { what: 'memory', subject: null, neededBytes, limitBytes } as const
  if (limitBytes === null || neededBytes <= limitBytes * TIGHT_MEMORY_SHARE) {
    return { ...facts, verdict: 'fits' }
  }
  const isCertain = neededBytes > limitBytes && limitBytes < LARGEST_REPORTED_MEMORY
  return { ...facts, verdict: isCertain ? 'will-not-fit' : 'tight' }
}

function storageLine(downloadBytes: number, storage: DeviceFacts['storage']): FitLine | null {
  if (!storage) return null
  return line('storage', downloadBytes, Math.max(0, storage.quotaBytes - storage.usedBytes))
}

function backendFit(lines: readonly FitLine[]): BackendFit {
  return { verdict: lines.map(({ verdict }) => verdict).reduce(worseOf, 'fits'), lines }
}

function worseOf(a: FitVerdict, b: FitVerdict): FitVerdict {
  return ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b
}
