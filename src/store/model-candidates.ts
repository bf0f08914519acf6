import type { ModelFiles } from '../core/gguf/model-files.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import { BUILT_IN_MODEL_NAME } from '../hub/built-in-model.ts'
import type { LoadableModel, OpenMlcModel, StoreContext, StoredModelAccess } from './context.ts'
import { readGpuFailures, readReferences } from './self-test-records.ts'
import type {
  LocalSource,
  MlcSource,
  ModelProgress,
  ModelSource,
  PickedFile,
  StoredSource,
  UserMessage,
} from './state.ts'
import { storedName } from './stored-name.ts'
import { builtInModelMessage, localModelMessage } from './user-message.ts'

/** A model to load, and how to get at its files. */
export type Candidate = {
  readonly source: ModelSource
  readonly name: string
  readonly open: (
    onProgress: (progress: ModelProgress) => void,
    signal: AbortSignal,
  ) => Promise<Result<LoadableModel, UserMessage>>
}

type CandidateContext = Pick<StoreContext, 'deps'> & {
  readonly storedModels: StoredModelAccess
  readonly openMlcModel: OpenMlcModel
}

/** Where models come from, each in the form in which it can be loaded. */
export function createCandidates({ deps, storedModels, openMlcModel }: CandidateContext) {
  const builtIn: Candidate = {
    source: { type: 'built-in' },
    name: BUILT_IN_MODEL_NAME,
    async open(onProgress, signal) {
      const file = await deps.fetchBuiltInModel(
        (doneBytes, totalBytes) => onProgress({ phase: 'download', doneBytes, totalBytes }),
        signal,
      )
      if (!file.ok) return err(builtInModelMessage(file.error))
      return openFiles([file.value])
    },
  }

  function stored(source: StoredSource): Candidate {
    const { id } = source
    return {
      source,
      name: storedName(source),
      async open() {
        const files = await storedModels.files(id)
        return files.ok ? openFiles(files.value) : files
      },
    }
  }

  function local(source: LocalSource, files: readonly PickedFile[]): Candidate {
    const name = files[0]?.file.name ?? 'No file'
    return { source, name, open: () => openFiles(files.map(({ file }) => file)) }
  }

  function mlc(model: MlcSource['model']): Candidate {
    return {
      source: { type: 'mlc', model },
      name: model.name,
      async open(onProgress, signal) {
        const facts = await openMlcModel(
          model,
          (doneBytes, totalBytes) => onProgress({ phase: 'download', doneBytes, totalBytes }),
          signal,
        )
        if (!facts.ok) return facts
        const { sizeBytes, config } = facts.value
        return ok({
          name: model.name,
          sizeBytes,
          files: null,
          trainedContextLength: config.contextLength,
          request: (options) => ({
            engine: 'webllm',
            model: { ...model, ...facts.value },
            options,
          }),
        })
      },
    }
  }

  async function openFiles(files: readonly File[]): Promise<Result<LoadableModel, UserMessage>> {
    const opened = await deps.openLocalModel(files)
    return opened.ok ? ok(loadable(opened.value, deps)) : err(localModelMessage(opened.error))
  }

  return { builtIn, stored, local, mlc, openFiles }
}

/** Files that were opened once need not be fetched again. */
export function candidateOf(model: LoadableModel, source: ModelSource): Candidate {
  return { source, name: model.name, open: async () => ok(model) }
}

function loadable(files: ModelFiles, { keyValues }: StoreContext['deps']): LoadableModel {
  const { name, sizeBytes, header } = files
  return {
    name,
    sizeBytes,
    files,
    trainedContextLength: header.contextLength,
    request: (options) => ({
      engine: 'wllama',
      files,
      options,
      references: readReferences(keyValues),
      gpuFailures: readGpuFailures(keyValues),
    }),
  }
}
