import type { MlcModel } from '../core/mlc/mlc-model.ts'

/** One model of WebLLM's own list, in the quantizations in which it can be had. */
export type MlcCatalogModel = {
  /** As WebLLM calls it, without the quantization. */
  readonly id: string
  readonly title: string
  readonly family: string
  /** In billions, for the size of the download. */
  readonly billionParameters: number
  /** Where the weights come from, `owner/name`: its chat template is taken when the converted repository has none. */
  readonly baseRepo: string
  /** The Hub's name of the license. */
  readonly license: string
  readonly builds: readonly MlcBuild[]
}

export type MlcBuild = {
  /** The name of the repository below `mlc-ai/`. */
  readonly id: string
  readonly quantization: MlcQuantization
  /** As WebLLM gives it, for a context of 4,096 tokens. */
  readonly vramBytes: number
  /** About so many: 4 bits for each weight, and a scale for 32 of them. */
  readonly downloadBytes: number
  readonly needsShaderF16: boolean
}

export type MlcQuantization = 'q4f16_1' | 'q4f32_1'

/** WebLLM's `modelLibURLPrefix` and `modelVersion`: the libraries fit one version of the package, so they are pinned with it. */
const LIBRARIES =
  'https://raw.githubusercontent.com/mlc-ai/binary-mlc-llm-libs/main/web-llm-models/v0_2_86/base/'
const MLC_OWNER = 'mlc-ai'
const MEGABYTE = 1024 * 1024
/** Of 32 weights: 4 each and one scale. */
const BITS_PER_GROUP: Readonly<Record<MlcQuantization, number>> = { q4f16_1: 144, q4f32_1: 160 }

type Row = Omit<MlcCatalogModel, 'builds' | 'id'> & {
  readonly id: string
  /** The library's name, where it is another model's of the same architecture. */
  readonly library?: string
  /** In megabytes of 1024². */
  readonly vram: Readonly<Partial<Record<MlcQuantization, number>>>
}

const ROWS: readonly Row[] = [
  {
    id: 'Qwen2.5-0.5B-Instruct',
    library: 'Qwen2-0.5B-Instruct',
    title: 'Qwen2.5 0.5B Instruct',
    family: 'Qwen2.5',
    billionParameters: 0.494,
    baseRepo: 'Qwen/Qwen2.5-0.5B-Instruct',
    license: 'apache-2.0',
    vram: { q4f16_1: 944.62, q4f32_1: 1060.2 },
  },
  {
    id: 'Qwen2.5-1.5B-Instruct',
    library: 'Qwen2-1.5B-Instruct',
    title: 'Qwen2.5 1.5B Instruct',
    family: 'Qwen2.5',
    billionParameters: 1.54,
    baseRepo: 'Qwen/Qwen2.5-1.5B-Instruct',
    license: 'apache-2.0',
    vram: { q4f16_1: 1629.75, q4f32_1: 1888.97 },
  },
  {
    id: 'Qwen2.5-3B-Instruct',
    title: 'Qwen2.5 3B Instruct',
    family: 'Qwen2.5',
    billionParameters: 3.09,
    baseRepo: 'Qwen/Qwen2.5-3B-Instruct',
    license: 'qwen-research',
    vram: { q4f16_1: 2504.76, q4f32_1: 2893.64 },
  },
  {
    id: 'Qwen2.5-7B-Instruct',
    library: 'Qwen2-7B-Instruct',
    title: 'Qwen2.5 7B Instruct',
    family: 'Qwen2.5',
    billionParameters: 7.62,
    baseRepo: 'Qwen/Qwen2.5-7B-Instruct',
    license: 'apache-2.0',
    vram: { q4f16_1: 5106.67, q4f32_1: 5900.09 },
  },
  {
    id: 'Qwen3-0.6B',
    title: 'Qwen3 0.6B',
    family: 'Qwen3',
    billionParameters: 0.596,
    baseRepo: 'Qwen/Qwen3-0.6B',
    license: 'apache-2.0',
    vram: { q4f16_1: 1403.34, q4f32_1: 1924.98 },
  },
  {
    id: 'Qwen3-1.7B',
    title: 'Qwen3 1.7B',
    family: 'Qwen3',
    billionParameters: 1.72,
    baseRepo: 'Qwen/Qwen3-1.7B',
    license: 'apache-2.0',
    vram: { q4f16_1: 2036.66, q4f32_1: 2635.44 },
  },
  {
    id: 'Qwen3-4B',
    title: 'Qwen3 4B',
    family: 'Qwen3',
    billionParameters: 4.02,
    baseRepo: 'Qwen/Qwen3-4B',
    license: 'apache-2.0',
    vram: { q4f16_1: 3431.59, q4f32_1: 4327.71 },
  },
  {
    id: 'Qwen3-8B',
    title: 'Qwen3 8B',
    family: 'Qwen3',
    billionParameters: 8.19,
    baseRepo: 'Qwen/Qwen3-8B',
    license: 'apache-2.0',
    vram: { q4f16_1: 5695.78, q4f32_1: 6852.55 },
  },
  {
    id: 'Llama-3.2-1B-Instruct',
    title: 'Llama 3.2 1B Instruct',
    family: 'Llama 3',
    billionParameters: 1.236,
    baseRepo: 'meta-llama/Llama-3.2-1B-Instruct',
    license: 'llama3.2',
    vram: { q4f16_1: 879.04, q4f32_1: 1128.82 },
  },
  {
    id: 'Llama-3.2-3B-Instruct',
    title: 'Llama 3.2 3B Instruct',
    family: 'Llama 3',
    billionParameters: 3.213,
    baseRepo: 'meta-llama/Llama-3.2-3B-Instruct',
    license: 'llama3.2',
    vram: { q4f16_1: 2263.69, q4f32_1: 2951.51 },
  },
  {
    id: 'Llama-3.1-8B-Instruct',
    library: 'Llama-3_1-8B-Instruct',
    title: 'Llama 3.1 8B Instruct',
    family: 'Llama 3',
    billionParameters: 8.03,
    baseRepo: 'meta-llama/Llama-3.1-8B-Instruct',
    license: 'llama3.1',
    vram: { q4f16_1: 5001, q4f32_1: 6101.01 },
  },
  {
    id: 'Hermes-3-Llama-3.2-3B',
    library: 'Llama-3.2-3B-Instruct',
    title: 'Hermes 3 3B',
    family: 'Hermes',
    billionParameters: 3.213,
    baseRepo: 'NousResearch/Hermes-3-Llama-3.2-3B',
    license: 'llama3.2',
    vram: { q4f16_1: 2263.69, q4f32_1: 2951.51 },
  },
  {
    id: 'Hermes-3-Llama-3.1-8B',
    library: 'Llama-3_1-8B-Instruct',
    title: 'Hermes 3 8B',
    family: 'Hermes',
    billionParameters: 8.03,
    baseRepo: 'NousResearch/Hermes-3-Llama-3.1-8B',
    license: 'llama3',
    vram: { q4f16_1: 4876.13, q4f32_1: 5779.27 },
  },
  {
    id: 'Hermes-2-Pro-Mistral-7B',
    library: 'Mistral-7B-Instruct-v0.3',
    title: 'Hermes 2 Pro Mistral 7B',
    family: 'Hermes',
    billionParameters: 7.25,
    baseRepo: 'NousResearch/Hermes-2-Pro-Mistral-7B',
    license: 'apache-2.0',
    vram: { q4f16_1: 4033.28 },
  },
  {
    id: 'SmolLM2-360M-Instruct',
    title: 'SmolLM2 360M Instruct',
    family: 'SmolLM2',
    billionParameters: 0.362,
    baseRepo: 'HuggingFaceTB/SmolLM2-360M-Instruct',
    license: 'apache-2.0',
    vram: { q4f16_1: 376.06, q4f32_1: 579.61 },
  },
  {
    id: 'SmolLM2-1.7B-Instruct',
    title: 'SmolLM2 1.7B Instruct',
    family: 'SmolLM2',
    billionParameters: 1.711,
    baseRepo: 'HuggingFaceTB/SmolLM2-1.7B-Instruct',
    license: 'apache-2.0',
    vram: { q4f16_1: 1774.19, q4f32_1: 2692.38 },
  },
  {
    id: 'Phi-4-mini-instruct',
    title: 'Phi-4 mini',
    family: 'Others',
    billionParameters: 3.84,
    baseRepo: 'microsoft/Phi-4-mini-instruct',
    license: 'mit',
    vram: { q4f16_1: 3437.58, q4f32_1: 4220.59 },
  },
  {
    id: 'Ministral-3-3B-Instruct-2512-BF16',
    title: 'Ministral 3 3B Instruct',
    family: 'Others',
    billionParameters: 3.4,
    baseRepo: 'mistralai/Ministral-3-3B-Instruct-2512',
    license: 'apache-2.0',
    vram: { q4f16_1: 2863.69, q4f32_1: 3532.37 },
  },
]

/**
 * The models of WebLLM 0.2.86's list that were trained to call tools, with weights in 4 bits.
 *
 * Left out: models without a tool format, builds for a context of 1,024 tokens, those that need a manifest (Gemma 4), and
 * hybrids (Qwen3.5). Kept as data of ours, as the package's own list comes with 6 MB of code; a test compares the two.
 */
export const MLC_MODELS: readonly MlcCatalogModel[] = ROWS.map((row) => ({
  id: row.id,
  title: row.title,
  family: row.family,
  billionParameters: row.billionParameters,
  baseRepo: row.baseRepo,
  license: row.license,
  builds: (['q4f16_1', 'q4f32_1'] as const).flatMap((quantization) => {
    const vramMb = row.vram[quantization]
    if (vramMb === undefined) return []
    const bits = (row.billionParameters * 1e9 * BITS_PER_GROUP[quantization]) / 32
    return {
      id: `${row.id}-${quantization}-MLC`,
      quantization,
      vramBytes: vramMb * MEGABYTE,
      downloadBytes: bits / 8,
      needsShaderF16: quantization === 'q4f16_1',
    }
  }),
}))

/** Where the files of a build are. `baseUrl` is the Hub or a mirror; the libraries are on GitHub alone. */
export function mlcModelOf(buildId: string, baseUrl: string): (MlcModel & MlcOrigin) | null {
  for (const model of MLC_MODELS) {
    const build = model.builds.find(({ id }) => id === buildId)
    if (!build) continue
    const { library = model.id } = ROWS.find(({ id }) => id === model.id) ?? {}
    return {
      name: build.id,
      modelUrl: `${baseUrl}/${MLC_OWNER}/${build.id}/resolve/main/`,
      libraryUrl: `${LIBRARIES}${library}-${build.quantization}_cs1k-webgpu.wasm`,
      needsShaderF16: build.needsShaderF16,
      baseUrl: `${baseUrl}/${model.baseRepo}/resolve/main/`,
      license: model.license,
    }
  }
  return null
}

/** What is known of a model besides its files. */
export type MlcOrigin = {
  /** The folder of the model that it was converted from, or null. */
  readonly baseUrl: string | null
  /** The Hub's name of the license, or null. */
  readonly license: string | null
}
