import type { GgufHeader } from '../gguf-header.ts'

/** A header that says nothing: tests spread it and set what they are about. */
export const EMPTY_HEADER: GgufHeader = {
  version: 3,
  metadata: new Map(),
  arrayLengths: new Map(),
  numberArrays: new Map(),
  architecture: '',
  chatTemplate: null,
  toolUseTemplate: null,
  bosToken: '',
  eosToken: '',
  contextLength: null,
  fileType: null,
  tensorCount: 0,
  tensors: [],
  parameterCount: 0,
  dataOffset: 0,
  expectedSizeBytes: 0,
  split: null,
}
