import type { GgufHeader } from './gguf-header.ts'

/** A byte source of known size: a `File` satisfies it, and so does a buffer in a test. */
export type ByteSource = {
  readonly name: string
  readonly size: number
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** The shards of one model, in order, checked: every one is there, is GGUF, and is as long as its header says. */
export type ModelFiles = {
  /** From the metadata, else from the file name. */
  readonly name: string
  /** One file, or all shards in order. In the app these are `File`s. */
  readonly shards: readonly ByteSource[]
  readonly sizeBytes: number
  /** Of the whole model: the first shard's metadata, the tensors of all (`joinShards`). */
  readonly header: GgufHeader
}
