/** Metadata of a GGUF file. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3). */
export type GgufHeader = {
  readonly version: number
  /** Scalars and strings; arrays are in the two maps below. */
  readonly metadata: ReadonlyMap<string, GgufScalar>
  /** The length of every array, as of the vocabulary. */
  readonly arrayLengths: ReadonlyMap<string, number>
  /** Short arrays of numbers with their values, such as one value for each layer. */
  readonly numberArrays: ReadonlyMap<string, readonly number[]>
  /** '' when absent, as in every shard but the first. */
  readonly architecture: string
  readonly chatTemplate: string | null
  /** A second template that some models keep for conversations with tools. */
  readonly toolUseTemplate: string | null
  /** Texts of the special tokens, '' when absent. */
  readonly bosToken: string
  readonly eosToken: string
  readonly contextLength: number | null
  /** The name of the quantization mix, such as `Q4_K_M`; null when the file does not say or it is a new one. */
  readonly fileType: string | null
  readonly tensorCount: number
  readonly tensors: readonly GgufTensor[]
  readonly parameterCount: number
  /** Where the tensor data begins. */
  readonly dataOffset: number
  /** Bytes that the file must have for its tensors to be complete; null when a tensor's type is not known. */
  readonly expectedSizeBytes: number | null
  /** Null when the file is not one of several shards. */
  readonly split: GgufSplit | null
}

export type GgufScalar = string | number | bigint | boolean

export type GgufTensor = {
  readonly name: string
  /** The fastest dimension first. */
  readonly shape: readonly number[]
  /** Such as `Q4_K`; null for a type newer than this reader. */
  readonly type: string | null
  /** From the start of the tensor data. */
  readonly offsetBytes: number
  readonly sizeBytes: number | null
}

export type GgufSplit = {
  /** 0-based. */
  readonly index: number
  readonly count: number
  /** Tensors in all shards together; null when the file does not say. */
  readonly tensorCount: number | null
}

export type GgufError =
  | { readonly kind: 'not-gguf'; readonly looksLike: FileLook }
  | {
      readonly kind: 'unsupported-version'
      readonly version: number
      readonly byteOrder: 'little-endian' | 'big-endian'
    }
  /** The file ends before its header does. `neededBytes` is the least that it must have. */
  | {
      readonly kind: 'truncated-header'
      readonly sizeBytes: number
      readonly neededBytes: number
    }
  /** `at` is an offset into the file. */
  | { readonly kind: 'corrupt'; readonly detail: string; readonly at: number }
  /** The platform could not read the file: gone, changed or not allowed. */
  | { readonly kind: 'unreadable'; readonly detail: string }

/** What a file that is no GGUF seems to be. */
export type FileLook =
  | 'empty'
  | 'safetensors'
  | 'zip'
  | 'gzip'
  | 'pickle'
  | 'old-ggml'
  | 'html'
  | 'git-lfs-pointer'
  | 'json'
  | 'text'
  | 'unknown'
