import { scriptedGguf, type ScriptedGgufOptions } from '../../../e2e/fixtures/scripted-gguf.ts'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import type { ModelFiles } from '../../core/gguf/model-files.ts'
import { createEngine } from '../create-engine.ts'
import type { Engine, LoadOptions } from '../engine.ts'
import { HEADER } from './gguf-header.ts'

export const LOAD_OPTIONS: LoadOptions = {
  contextLength: 8192,
  threads: 1,
  gpuLayers: 0,
  cacheType: 'f16',
  yarn: null,
}

/** Model files without the checks of the hub, so that broken ones reach the engine too. */
export function modelFiles(bytes: BlobPart, header: Partial<GgufHeader> = {}): ModelFiles {
  const file = new File([bytes], 'model.gguf')
  return {
    name: 'scripted',
    shards: [file],
    sizeBytes: file.size,
    header: { ...HEADER, ...header },
  }
}

/** The real engine on a scripted model. */
export async function openScripted(
  model: ScriptedGgufOptions,
  options: Partial<LoadOptions> = {},
): Promise<Engine> {
  const loaded = await createEngine(
    {
      engine: 'wllama',
      files: modelFiles(scriptedGguf(model)),
      options: { ...LOAD_OPTIONS, ...options },
    },
    () => undefined,
    new AbortController().signal,
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
  return loaded.value
}
