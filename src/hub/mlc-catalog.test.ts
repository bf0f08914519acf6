import { prebuiltAppConfig } from '@mlc-ai/web-llm'
import { describe, expect, it } from 'vitest'
import { MLC_MODELS, mlcModelOf } from './mlc-catalog.ts'

const records = new Map(prebuiltAppConfig.model_list.map((record) => [record.model_id, record]))
const builds = MLC_MODELS.flatMap((model) => model.builds)

describe('MLC_MODELS', () => {
  it.each(builds.map((build) => [build.id, build] as const))(
    'has %s as the list of the package has it',
    (id, build) => {
      const record = records.get(id)
      const model = mlcModelOf(id, 'https://huggingface.co')
      expect(model).toMatchObject({
        modelUrl: `${record?.model}/resolve/main/`,
        libraryUrl: record?.model_lib,
      })
      expect(build.vramBytes / 1024 / 1024).toBeCloseTo(record?.vram_required_MB ?? 0, 2)
      expect(record?.overrides?.context_window_size).toBe(4096)
      expect(record?.model_manifest).toBeUndefined()
      if (record?.required_features?.includes('shader-f16')) {
        expect(build.needsShaderF16).toBe(true)
      }
      // The weights are the larger part of what the GPU holds.
      expect(build.downloadBytes).toBeLessThan(build.vramBytes)
    },
  )

  it('takes the files from a mirror', () => {
    expect(mlcModelOf('Qwen3-0.6B-q4f16_1-MLC', 'http://mirror.local/hf')).toMatchObject({
      modelUrl: 'http://mirror.local/hf/mlc-ai/Qwen3-0.6B-q4f16_1-MLC/resolve/main/',
      baseUrl: 'http://mirror.local/hf/Qwen/Qwen3-0.6B/resolve/main/',
    })
    expect(mlcModelOf('nonesuch', 'https://huggingface.co')).toBeNull()
  })
})
