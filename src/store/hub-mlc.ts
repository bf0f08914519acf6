import { err } from '../core/lib/result.ts'
import { assertNever } from '../core/lib/assert-never.ts'
import { readMlcAddress, type MlcAddress, type MlcAddressError } from '../hub/mlc-address.ts'
import { MLC_MODELS, mlcModelOf } from '../hub/mlc-catalog.ts'
import type { MlcFileError } from '../hub/mlc-models.ts'
import type { OpenMlcModel } from './context.ts'
import { hubMessage, storageRefused } from './hub-message.ts'
import type { HubContext } from './hub-slice.ts'
import type { MlcAddressProblem } from './hub-state.ts'
import type { UserMessage } from './state.ts'

/** MLC models for WebLLM: what this machine can run, what is here, and loading. */
export function createHubMlc({ deps, get, set, notify, announce, hub }: HubContext) {
  async function readShelf(): Promise<void> {
    const access = await hub.open()
    if (!access.ok) return notify({ tone: 'error', ...access.error })
    try {
      set({ mlcShelf: await access.value.mlc.list() })
    } catch (cause) {
      notify({ tone: 'error', ...storageRefused(cause) })
    }
  }

  const openMlcModel: OpenMlcModel = async (model, onProgress, signal) => {
    const access = await hub.open()
    if (!access.ok) return access
    try {
      const opened = await access.value.mlc.open(
        model,
        ({ doneBytes, totalBytes }) => onProgress(doneBytes, totalBytes),
        signal,
      )
      return opened.ok ? opened : err(mlcMessage(opened.error))
    } catch (cause) {
      return err(storageRefused(cause))
    } finally {
      if (get().mlcShelf !== null) await readShelf()
    }
  }

  return {
    openMlcModel,
    async hasMlcModel(modelUrl: string): Promise<boolean> {
      await readShelf()
      const found = get().mlcShelf?.find((model) => model.modelUrl === modelUrl)
      const shards = found?.shards ?? null
      return shards !== null && shards.present === shards.total
    },
    async readWebllm(): Promise<void> {
      const [webllmSupport] = await Promise.all([deps.readWebllmSupport(), readShelf()])
      set({ webllmSupport })
    },
    acceptMlcTerms(buildId: string): void {
      const model = MLC_MODELS.find(({ builds }) => builds.some(({ id }) => id === buildId))
      if (!model) return
      const license = { id: model.license, name: null, link: null }
      const entry = { license, acceptedAtMs: deps.nowMs() }
      set({ acceptedTerms: { ...get().acceptedTerms, [model.baseRepo]: entry } })
    },
    async loadMlcBuild(buildId: string): Promise<void> {
      const model = mlcModelOf(buildId, get().hubBaseUrl)
      if (model) await get().loadMlcModel(model)
    },
    loadMlcAddress(address: MlcAddress): MlcAddressProblem | null {
      const { hubBaseUrl: baseUrl } = get()
      const model = readMlcAddress(address, { baseUrl, isSecurePage: deps.isSecurePage })
      if (!model.ok) return addressProblem(model.error)
      void get().loadMlcModel(model.value)
      return null
    },
    async deleteMlcModel(modelUrl: string): Promise<void> {
      const access = await hub.open()
      if (access.ok) await access.value.mlc.remove(modelUrl)
      const { lastModel } = get()
      if (lastModel?.type === 'mlc' && lastModel.model.modelUrl === modelUrl) {
        set({ lastModel: null })
      }
      announce('Deleted')
      await readShelf()
    },
  }
}

function addressProblem(error: MlcAddressError): MlcAddressProblem {
  switch (error.kind) {
    case 'model-empty':
      return {
        field: 'model',
        text: 'Enter owner/name, or the address of the folder of the model.',
      }
    case 'model-invalid':
      return {
        field: 'model',
        text: `“${error.text}” is neither owner/name nor the address of a model’s folder.`,
      }
    case 'library-empty':
      return { field: 'library', text: 'Enter the address of the compiled library, a .wasm file.' }
    case 'library-invalid':
      return {
        field: 'library',
        text: `“${error.text}” is no web address. It begins with https:// and ends in .wasm.`,
      }
    case 'library-no-wasm':
      return { field: 'library', text: 'A model library ends in .wasm; this address does not.' }
    case 'insecure':
      return {
        field: 'model',
        text: `This page came by https, so the browser lets it fetch nothing from ${error.host} by http.`,
      }
    default:
      return assertNever(error)
  }
}

function mlcMessage(error: MlcFileError | { readonly kind: 'aborted' }): UserMessage {
  switch (error.kind) {
    case 'aborted':
      return { title: 'Loading was cancelled', advice: 'Load the model again whenever you like.' }
    case 'no-space':
      return {
        title: 'There is no room left for this model',
        advice:
          'Delete stored models in the Storage tab, then load it again: what is here already is kept.',
      }
    case 'bad-file':
      return {
        title: `${fileOf(error.url)} is not what it should be`,
        advice: `${error.detail} Load the model again to fetch it anew. If that does not help, its server has a broken copy: ${error.url}`,
      }
    case 'fetch': {
      if (error.error.kind === 'not-found') {
        return {
          title: `${fileOf(error.url)} is not there`,
          advice: `Is the address right, and is it an MLC model? Nothing was found at ${error.url}`,
        }
      }
      const { title, advice } = hubMessage(error.error)
      return { title: `${fileOf(error.url)} could not be fetched: ${title}`, advice }
    }
    default:
      return assertNever(error)
  }
}

function fileOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? url
}
