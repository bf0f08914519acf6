import type { GgufHeader } from '../../core/gguf/gguf-header.ts'

/** What the engine needs of a header, for a scripted model. */
export const HEADER: GgufHeader = {
  version: 3,
  metadata: new Map(),
  arrayLengths: new Map(),
  numberArrays: new Map(),
  architecture: 'llama',
  chatTemplate: null,
  toolUseTemplate: null,
  bosToken: '<|endoftext|>',
  eosToken: '<|im_end|>',
  contextLength: null,
  fileType: null,
  tensorCount: 0,
  tensors: [],
  parameterCount: 0,
  dataOffset: 0,
  expectedSizeBytes: null,
  split: null,
}
