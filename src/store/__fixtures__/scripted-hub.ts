import type { DeviceFacts } from '../../core/gguf/fit.ts'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { MlcModelFacts } from '../../core/mlc/mlc-model.ts'
import { gate } from '../../session/__fixtures__/answering-engine.ts'
import type { Download, DownloadRequest } from '../../hub/download-state.ts'
import type { HubClient, RepoDetails, RepoFile, RepoSummary } from '../../hub/hub-client.ts'
import type { HubError } from '../../hub/hub-error.ts'
import type { CachedMlcModel, MlcFileError } from '../../hub/mlc-models.ts'
import type { Leftover, ModelEntry, StoredModel, StoreError } from '../../hub/model-store.ts'
import type { Hub, HubSettings } from '../deps.ts'

/** A hub in memory, whose answers and events the test decides. */
export type ScriptedHub = {
  readonly open: (settings: HubSettings) => Promise<Hub>
  /** As the app set them; null until the hub was opened. */
  readonly settings: () => HubSettings | null
  /** By `owner/name`. */
  readonly repos: Map<string, RepoDetails | HubError>
  readonly headers: Map<string, GgufHeader | HubError>
  readonly models: ModelEntry[]
  readonly leftovers: Leftover[]
  readonly started: DownloadRequest[]
  readonly commands: string[]
  /** What all tabs are told of downloads. */
  readonly tell: (downloads: readonly Download[]) => void
  readonly mlcModels: CachedMlcModel[]
  /** What opening an MLC model gives, by its name. */
  readonly mlcFacts: Map<string, MlcModelFacts | MlcFileError>
  /** The next work on a stored model fails with it. */
  readonly failNext: (error: StoreError) => void
  readonly searches: string[]
  /** Opening this repository, or verifying this model, waits until it is released or aborted. */
  readonly hold: (name: string) => () => void
}

export const SCRIPTED_COMMIT = 'c0ffee0123456789c0ffee0123456789c0ffee01'

export function createScriptedHub(): ScriptedHub {
  const repos = new Map<string, RepoDetails | HubError>()
  const headers = new Map<string, GgufHeader | HubError>()
  const models: ModelEntry[] = []
  const leftovers: Leftover[] = []
  const mlcModels: CachedMlcModel[] = []
  const mlcFacts = new Map<string, MlcModelFacts | MlcFileError>()
  const started: DownloadRequest[] = []
  const commands: string[] = []
  const searches: string[] = []
  const listeners = new Set<(downloads: readonly Download[]) => void>()
  let downloads: readonly Download[] = []
  let settings: HubSettings | null = null
  let nextError: StoreError | null = null

  const held = new Map<string, Promise<void>>()

  function untilReleased(name: string, signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve()),
    )
    return Promise.race([held.get(name) ?? Promise.resolve(), aborted])
  }

  function takeError(): Result<null, StoreError> {
    const error = nextError
    nextError = null
    return error ? err(error) : ok(null)
  }

  const client: HubClient = {
    async searchModels({ text, next }) {
      searches.push(next ? `${text} from ${next}` : text)
      const found = [...repos.values()].filter(
        (repo): repo is RepoDetails =>
          'id' in repo && repo.id.toLowerCase().includes(text.toLowerCase()),
      )
      const start = Number(next ?? 0)
      const more = start + 2 < found.length ? String(start + 2) : null
      return ok({ models: found.slice(start, start + 2), next: more })
    },
    async openRepo({ owner, name }, signal) {
      await untilReleased(`${owner}/${name}`, signal)
      const repo = repos.get(`${owner}/${name}`)
      if (!repo) return err({ kind: 'not-found', what: 'repo', mayBePrivate: true })
      return 'kind' in repo ? err(repo) : ok(repo)
    },
    fileUrl: ({ repo, commit, path }) => `${settings?.baseUrl()}/${repo}/resolve/${commit}/${path}`,
    async readPromptTexts() {
      return ok({ chatTemplate: 'T', bosToken: '', eosToken: '<|im_end|>' })
    },
    async readHeader({ path }) {
      const header = headers.get(path)
      if (!header) return err({ kind: 'range-unsupported' })
      return 'kind' in header ? err(header) : ok(header)
    },
  }
  const command = (name: string) => (id: string) => void commands.push(`${name} ${id}`)
  const hub: Hub = {
    client,
    downloads: {
      list: () => downloads,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      start(request) {
        started.push(request)
        return `${request.repo} ${request.quantization}`
      },
      pause: command('pause'),
      resume: command('resume'),
      retry: command('retry'),
      cancel: command('cancel'),
      close: () => undefined,
    },
    mlc: {
      async open({ name }, onProgress, signal) {
        const facts = mlcFacts.get(name)
        if (!facts) throw new Error(`No facts of ${name}`)
        if ('kind' in facts) return err(facts)
        onProgress({ doneBytes: facts.sizeBytes / 2, totalBytes: facts.sizeBytes })
        await untilReleased(name, signal)
        return signal.aborted ? err({ kind: 'aborted' }) : ok(facts)
      },
      list: async () => [...mlcModels],
      async remove(modelUrl) {
        const kept = mlcModels.filter((one) => one.modelUrl !== modelUrl)
        mlcModels.splice(0, mlcModels.length, ...kept)
      },
    },
    models: {
      list: async () => [...models],
      async files(id) {
        const model = models.find((entry) => entry.id === id)
        if (model?.type !== 'model') return err({ kind: 'not-found', id })
        return ok(model.files.map(({ name }) => new File(['GGUF'], name)))
      },
      touch: async (id) => void commands.push(`touch ${id}`),
      async remove(id) {
        const result = takeError()
        if (result.ok) models.splice(0, models.length, ...models.filter((one) => one.id !== id))
        return result
      },
      async verify(id, onProgress, signal) {
        const sizeBytes = models.find((model) => model.id === id)?.sizeBytes ?? 0
        onProgress({ doneBytes: sizeBytes / 2, totalBytes: sizeBytes })
        await untilReleased(id, signal)
        if (signal.aborted) return err({ kind: 'aborted' })
        const result = takeError()
        return result.ok ? ok([]) : result
      },
      async exportTo() {
        return takeError()
      },
      async importFiles({ files, as }) {
        const result = takeError()
        if (!result.ok) return result
        const name = files[0]?.name.replace(/\.gguf$/, '') ?? ''
        models.push(storedModel({ id: name, repo: as?.repo ?? null, quantization: name }))
        return ok(name)
      },
      leftovers: async () => [...leftovers],
      async removeLeftover(id) {
        leftovers.splice(0, leftovers.length, ...leftovers.filter((one) => one.id !== id))
        return ok(null)
      },
      quota: async () => ({ usedBytes: 3e9, quotaBytes: 60e9, isPersisted: false }),
      persist: async () => true,
    },
  }

  return {
    async open(given) {
      settings = given
      return hub
    },
    settings: () => settings,
    repos,
    headers,
    models,
    leftovers,
    mlcModels,
    mlcFacts,
    started,
    commands,
    searches,
    tell(list) {
      downloads = list
      for (const listener of listeners) listener(list)
    },
    failNext(error) {
      nextError = error
    },
    hold(name) {
      const { promise, open } = gate()
      held.set(name, promise)
      return open
    },
  }
}

export const SCRIPTED_DEVICE: DeviceFacts = {
  heapLimitBytes: 4 * 2 ** 30,
  memoryBytes: 8 * 2 ** 30,
  webgpu: null,
  storage: { quotaBytes: 60e9, usedBytes: 3e9 },
}

export function repoSummary(id: string): RepoSummary {
  return {
    id,
    downloads: 1234,
    likes: 56,
    lastModified: '2026-01-02T03:04:05.000Z',
    gated: false,
    license: { id: 'cc-by-nc-4.0', name: null, link: null },
    tags: ['gguf'],
    baseModel: null,
    gguf: null,
  }
}

/** A repository whose files are named after its quantizations, one shard each unless told otherwise. */
export function repoDetails(
  id: string,
  quantizations: Readonly<Record<string, { readonly sizeBytes: number; readonly shards?: number }>>,
): RepoDetails {
  const name = id.slice(id.indexOf('/') + 1)
  const files = Object.entries(quantizations).flatMap(([label, { sizeBytes, shards = 1 }]) =>
    Array.from({ length: shards }, (_, index): RepoFile => {
      const digits = (value: number) => String(value).padStart(5, '0')
      const place = shards === 1 ? '' : `-${digits(index + 1)}-of-${digits(shards)}`
      return {
        repo: id,
        commit: SCRIPTED_COMMIT,
        path: `${name}-${label}${place}.gguf`,
        sizeBytes: sizeBytes / shards,
        sha256: 'ab'.repeat(32),
      }
    }),
  )
  return { ...repoSummary(id), commit: SCRIPTED_COMMIT, revision: null, files }
}

export function storedModel(given: Partial<StoredModel> & Pick<StoredModel, 'id'>): StoredModel {
  const sizeBytes = given.sizeBytes ?? 1_929_902_656
  return {
    type: 'model',
    origin: 'hub',
    repo: 'Salesforce/xLAM-2-3b-fc-r-gguf',
    commit: SCRIPTED_COMMIT,
    quantization: 'Q4_K_M',
    sizeBytes,
    addedAtMs: Date.UTC(2026, 0, 2),
    lastUsedAtMs: Date.UTC(2026, 0, 3),
    files: [
      {
        path: `${given.id}.gguf`,
        name: `${given.id}.gguf`,
        sizeBytes,
        sha256: 'ab'.repeat(32),
        verifiedAtMs: Date.UTC(2026, 0, 2),
        isDamaged: false,
      },
    ],
    ...given,
  }
}

export function scriptedDownload(
  given: Partial<Download> & Pick<Download, 'id' | 'state'>,
): Download {
  const sizeBytes = given.sizeBytes ?? 2_000_000_000
  const doneBytes = given.doneBytes ?? 500_000_000
  return {
    repo: 'Salesforce/xLAM-2-3b-fc-r-gguf',
    commit: SCRIPTED_COMMIT,
    quantization: 'Q4_K_M',
    files: [
      {
        path: 'xLAM-2-3b-fc-r-Q4_K_M.gguf',
        sizeBytes,
        doneBytes,
        verifiedBytes: 400_000_000,
        bytesPerSecond: 12_000_000,
        secondsLeft: 125,
        canResume: true,
      },
    ],
    sizeBytes,
    doneBytes,
    verifiedBytes: 400_000_000,
    bytesPerSecond: 12_000_000,
    secondsLeft: 125,
    isInOtherTab: false,
    ...given,
  }
}
