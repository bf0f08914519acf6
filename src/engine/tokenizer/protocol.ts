import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import type { ByteSource } from '../../core/gguf/model-files.ts'
import type { TokenizerProblem } from '../../core/tokenizer/create-tokenizer.ts'

export type ToTokenizer =
  | { readonly type: 'open'; readonly source: ByteSource; readonly header: GgufHeader }
  | { readonly type: 'cut'; readonly id: number; readonly text: string }

export type FromTokenizer =
  | { readonly type: 'opened'; readonly problem: TokenizerProblem | null }
  | { readonly type: 'ends'; readonly id: number; readonly ends: Uint32Array | null }
