/** Metadata of a GGUF file. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3). */
export type GgufHeader = {
  readonly version: number
  /** Scalars and strings; arrays only as their length, but for the token texts below. */
  readonly metadata: ReadonlyMap<string, GgufScalar>
  readonly arrayLengths: ReadonlyMap<string, number>
  readonly architecture: string
  readonly chatTemplate: string | null
  /** Texts of the special tokens, '' when absent. */
  readonly bosToken: string
  readonly eosToken: string
  readonly contextLength: number | null
  readonly tensorCount: number
  /** Bytes that the file must have for its tensors to be complete. */
  readonly expectedSizeBytes: number
}

export type GgufScalar = string | number | bigint | boolean
