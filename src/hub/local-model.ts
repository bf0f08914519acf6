import { estimateMemory } from '../core/gguf/estimate-memory.ts'
import type { FileLook, GgufError, GgufHeader } from '../core/gguf/gguf-header.ts'
import { joinShards } from '../core/gguf/join-shards.ts'
import type { ByteSource, ModelFiles } from '../core/gguf/model-files.ts'
import { readGgufHeader } from '../core/gguf/read-gguf-header.ts'
import { assertNever } from '../core/lib/assert-never.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import { groupShards, modelName, shardFileName, type ReadFile, type ShardGroup } from './shards.ts'

/** wllama's WebAssembly memory: weights, cache and working memory of a model on the CPU must fit. */
export const CPU_HEAP_BYTES = 4096 * 1024 * 1024

/** A conversation with tools needs at least this, so a model that does not fit with it is of no use. */
const LEAST_CONTEXT_LENGTH = 1024

export type OpenOptions = {
  /** What the engine may use; null for no limit, as on the GPU. */
  readonly limitBytes: number | null
}

/** Why files are no model that can be loaded. `file` is a file name. */
export type LocalModelError =
  | { readonly kind: 'no-files' }
  | { readonly kind: 'unreadable'; readonly file: string; readonly detail: string }
  | { readonly kind: 'not-gguf'; readonly file: string; readonly looksLike: FileLook }
  | {
      readonly kind: 'unsupported-version'
      readonly file: string
      readonly version: number
      readonly byteOrder: 'little-endian' | 'big-endian'
    }
  | { readonly kind: 'corrupt'; readonly file: string; readonly detail: string }
  /** `expectedBytes` is the least when even the header is incomplete, as `isLeast` says. */
  | {
      readonly kind: 'cut-off'
      readonly file: string
      readonly expectedBytes: number
      readonly isLeast: boolean
      readonly actualBytes: number
    }
  | { readonly kind: 'not-a-language-model'; readonly file: string; readonly what: OtherContent }
  /** Several models at once: the user has to pick one. */
  | { readonly kind: 'several-models'; readonly models: readonly string[] }
  | { readonly kind: 'missing-shards'; readonly missing: readonly string[]; readonly count: number }
  /** The same shard, or the same file, more than once. */
  | { readonly kind: 'duplicate-shards'; readonly files: readonly string[] }
  /** The shards of two versions of a model: together they have another number of tensors than the first one says. */
  | {
      readonly kind: 'shards-do-not-fit'
      readonly expectedTensors: number
      readonly actualTensors: number
    }
  | { readonly kind: 'too-large'; readonly neededBytes: number; readonly limitBytes: number }

/** GGUF files that are no language model by themselves. */
export type OtherContent = 'vision-projector' | 'adapter' | 'importance-matrix' | 'vocabulary'

/**
 * Opens one model from one file or from all its shards, in any order.
 *
 * Checks what can be checked without reading the weights: that every shard is there, is GGUF and is as long as its
 * header says, and that the model can fit in memory. The engine's own load is silent about most of this.
 */
export async function openLocalModel(
  files: readonly ByteSource[],
  { limitBytes }: OpenOptions = { limitBytes: CPU_HEAP_BYTES },
): Promise<Result<ModelFiles, LocalModelError>> {
  if (files.length === 0) return err({ kind: 'no-files' })
  const read: ReadFile[] = []
  for (const file of files) {
    const header = await readHeader(file)
    if (!header.ok) return header
    read.push({ file, header: header.value })
  }
  const group = pickGroup(read)
  if (!group.ok) return group
  const shards = orderShards(group.value)
  if (!shards.ok) return shards
  const model = assemble(shards.value)
  if (!model.ok) return model
  const problem = checkFits(model.value, limitBytes)
  return problem ? err(problem) : model
}

async function readHeader(file: ByteSource): Promise<Result<GgufHeader, LocalModelError>> {
  const header = await readGgufHeader(file)
  if (!header.ok) return err(fileError(file, header.error))
  const what = otherContent(header.value)
  if (what) return err({ kind: 'not-a-language-model', file: file.name, what })
  const expectedBytes = header.value.expectedSizeBytes
  if (expectedBytes !== null && file.size < expectedBytes) {
    const sizes = { expectedBytes, isLeast: false, actualBytes: file.size }
    return err({ kind: 'cut-off', file: file.name, ...sizes })
  }
  return header
}

function fileError({ name: file }: ByteSource, error: GgufError): LocalModelError {
  switch (error.kind) {
    case 'not-gguf':
      return { kind: 'not-gguf', file, looksLike: error.looksLike }
    case 'unsupported-version':
      return {
        kind: 'unsupported-version',
        file,
        version: error.version,
        byteOrder: error.byteOrder,
      }
    case 'truncated-header':
      return {
        kind: 'cut-off',
        file,
        expectedBytes: error.neededBytes,
        isLeast: true,
        actualBytes: error.sizeBytes,
      }
    case 'corrupt':
      return { kind: 'corrupt', file, detail: `${error.detail} (at byte ${error.at})` }
    case 'unreadable':
      return { kind: 'unreadable', file, detail: error.detail }
    default:
      return assertNever(error)
  }
}

/** By the type that newer files state, else by what older ones show. */
function otherContent(header: GgufHeader): OtherContent | null {
  const type = header.metadata.get('general.type')
  if (type === 'mmproj' || header.architecture === 'clip') return 'vision-projector'
  if (type === 'adapter' || header.metadata.has('adapter.type')) return 'adapter'
  if (type === 'imatrix') return 'importance-matrix'
  if (header.tensorCount === 0 && !header.split) return 'vocabulary'
  return null
}

function pickGroup(read: readonly ReadFile[]): Result<ShardGroup, LocalModelError> {
  const groups = groupShards(read)
  const [group, ...more] = groups
  if (group && more.length === 0) return ok(group)
  return err({ kind: 'several-models', models: groups.map(({ name }) => name) })
}

function orderShards({
  name,
  count,
  shards,
}: ShardGroup): Result<readonly ReadFile[], LocalModelError> {
  const byIndex = new Map<number, string[]>()
  for (const { index, file } of shards) {
    byIndex.set(index, [...(byIndex.get(index) ?? []), file.name])
  }
  const duplicates = [...byIndex.values()].filter((same) => same.length > 1).flat()
  if (duplicates.length > 0) return err({ kind: 'duplicate-shards', files: duplicates })
  const missing = Array.from({ length: count }, (_, index) => index)
    .filter((index) => !byIndex.has(index))
    .map((index) => shardFileName(name, index, count))
  if (missing.length > 0) return err({ kind: 'missing-shards', missing, count })
  return ok(shards.toSorted((a, b) => a.index - b.index))
}

function assemble(shards: readonly ReadFile[]): Result<ModelFiles, LocalModelError> {
  const [first, ...others] = shards
  if (!first) return err({ kind: 'no-files' })
  const { file, header } = first
  if (header.architecture === '') {
    const detail = 'it does not say which architecture the model has'
    return err({ kind: 'corrupt', file: file.name, detail })
  }
  const tensorCount = shards.reduce((sum, shard) => sum + shard.header.tensorCount, 0)
  const expectedTensors = header.split?.tensorCount ?? tensorCount
  if (tensorCount !== expectedTensors) {
    return err({ kind: 'shards-do-not-fit', expectedTensors, actualTensors: tensorCount })
  }
  const title = header.metadata.get('general.name')
  return ok({
    name: typeof title === 'string' && title.trim() !== '' ? title.trim() : modelName(file.name),
    shards: shards.map((shard) => shard.file),
    sizeBytes: shards.reduce((sum, shard) => sum + shard.file.size, 0),
    header: joinShards(
      header,
      others.map((shard) => shard.header),
    ),
  })
}

function checkFits(
  { header, sizeBytes }: ModelFiles,
  limitBytes: number | null,
): LocalModelError | null {
  if (limitBytes === null) return null
  const contextLength = Math.min(LEAST_CONTEXT_LENGTH, header.contextLength ?? LEAST_CONTEXT_LENGTH)
  const memory = estimateMemory(header, sizeBytes, { contextLength, cacheType: 'f16' })
  const neededBytes = memory.weightsBytes + memory.kvCacheBytes + memory.computeBytes
  return neededBytes > limitBytes ? { kind: 'too-large', neededBytes, limitBytes } : null
}
