import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import type { ByteSource } from '../core/gguf/model-files.ts'

export type ReadFile = { readonly file: ByteSource; readonly header: GgufHeader }

export type Shard = ReadFile & {
  /** 0-based. */
  readonly index: number
}

/** The files that say they belong to one model, in any order, whether all are there or not. */
export type ShardGroup = {
  /** The file name without what differs from shard to shard. */
  readonly name: string
  readonly count: number
  readonly shards: readonly Shard[]
}

/** With the ` (1)` that a browser appends to a second download. */
const SHARD_NAME = /^(.*)-(\d{5})-of-(\d{5})(?: \(\d+\))?\.gguf$/i

/** Sorts files into models. What the header says of its place among the shards counts, else what the name says. */
export function groupShards(files: readonly ReadFile[]): readonly ShardGroup[] {
  const groups = new Map<string, ShardGroup>()
  for (const read of files) {
    const { name, index, count } = placeOf(read)
    const key = `${name}\n${count}`
    const group = groups.get(key) ?? { name, count, shards: [] }
    groups.set(key, { ...group, shards: [...group.shards, { ...read, index }] })
  }
  return [...groups.values()]
}

/** The name that a shard should have. `index` is 0-based. */
export function shardFileName(name: string, index: number, count: number): string {
  const digits = (value: number) => String(value).padStart(5, '0')
  return `${name}-${digits(index + 1)}-of-${digits(count)}.gguf`
}

/** The file's name without its ending and its place among the shards. */
export function modelName(fileName: string): string {
  return SHARD_NAME.exec(fileName)?.[1] ?? fileName.replace(/\.gguf$/i, '')
}

function placeOf({ file, header }: ReadFile): { name: string; index: number; count: number } {
  const name = modelName(file.name)
  const [, , number, total] = SHARD_NAME.exec(file.name) ?? []
  if (header.split) {
    const { index, count } = header.split
    // Renamed shards share no name, so all of them with the same count are taken for one model.
    return { name: number === undefined ? `model in ${count} files` : name, index, count }
  }
  const place = { name, index: Number(number) - 1, count: Number(total) }
  const isShard = place.index >= 0 && place.index < place.count
  return isShard ? place : { name: file.name.replace(/\.gguf$/i, ''), index: 0, count: 1 }
}
