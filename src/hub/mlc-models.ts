import {
  readMlcConfig,
  readTensorCache,
  type MlcModel,
  type MlcModelFacts,
  type MlcShard,
} from '../core/mlc/mlc-model.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { MlcOrigin } from './mlc-catalog.ts'
import {
  cachedFile,
  CONFIG_CACHE,
  LIBRARY_CACHE,
  MODEL_CACHE,
  type FetchDeps,
  type MlcFileError,
  type WantedFile,
} from './mlc/cached-file.ts'
import { readPromptTexts } from './mlc/prompt-texts.ts'

export type { MlcFileError } from './mlc/cached-file.ts'

/** Models for WebLLM: their files are kept where it looks for them, in the Cache API. */
export type MlcModels = {
  /** Fetches and checks what is not here yet, and reads what the files say. */
  readonly open: (
    model: MlcModel & MlcOrigin,
    onProgress: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void,
    signal: AbortSignal,
  ) => Promise<Result<MlcModelFacts, MlcFileError | { readonly kind: 'aborted' }>>
  /** The last used first. */
  readonly list: () => Promise<readonly CachedMlcModel[]>
  /** Deletes its files, and its library and what was kept of its base when no other model uses those. */
  readonly remove: (modelUrl: string) => Promise<void>
}

export type CachedMlcModel = {
  readonly modelUrl: string
  readonly name: string
  /** All of its files, without the library. */
  readonly sizeBytes: number
  /** Of the weights, by the model's own list; null when that is not here. */
  readonly shards: { readonly present: number; readonly total: number } | null
  /** What it is loaded with again; null when another page of this site put it here. */
  readonly model: (MlcModel & MlcOrigin) | null
}

/** As many as WebLLM itself fetches at a time. */
const CONNECTIONS = 4
/** Our note beside a model's files: the address of the library is nowhere in them. */
const NOTE_FILE = 'callground-model.json'

export function createMlcModels(deps: FetchDeps): MlcModels {
  async function open(
    model: MlcModel & MlcOrigin,
    onProgress: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void,
    signal: AbortSignal,
  ): Promise<Result<MlcModelFacts, MlcFileError | { readonly kind: 'aborted' }>> {
    const { modelUrl } = model
    const get = (wanted: WantedFile, onBytes?: (bytes: number) => void) =>
      cachedFile(deps, onBytes ? { wanted, onBytes } : { wanted }, signal)
    const small = (cache: WantedFile['cache'], name: string) => ({
      cache,
      url: new URL(name, modelUrl).href,
      expected: null,
    })
    const config = await readText(get, small(CONFIG_CACHE, 'mlc-chat-config.json'), readMlcConfig)
    if (!config.ok) return config
    const shards = await readText(get, small(MODEL_CACHE, 'tensor-cache.json'), readTensorCache)
    if (!shards.ok) return shards
    const totalBytes = shards.value.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const library = await get({ cache: LIBRARY_CACHE, url: model.libraryUrl, expected: null })
    if (!library.ok) return library
    if (!(await isWasm(library.value))) {
      await (await caches.open(LIBRARY_CACHE)).delete(model.libraryUrl)
      const detail = 'It is no WebAssembly file, so it cannot be a model library.'
      return err({ kind: 'bad-file', url: model.libraryUrl, detail })
    }
    const tokenizer = await get(small(MODEL_CACHE, config.value.tokenizerFile))
    if (!tokenizer.ok) return tokenizer
    const texts = await readPromptTexts(deps, model, signal)
    await note(model)

    let doneBytes = 0
    onProgress({ doneBytes, totalBytes })
    const problem = await fetchAll(shards.value, async (shard) => {
      const file = await get(
        { cache: MODEL_CACHE, url: new URL(shard.path, modelUrl).href, expected: shard },
        (bytes) => {
          doneBytes += bytes
          onProgress({ doneBytes, totalBytes })
        },
      )
      return file.ok ? null : file.error
    })
    if (signal.aborted) return err({ kind: 'aborted' })
    return problem ? err(problem) : ok({ sizeBytes: totalBytes, config: config.value, ...texts })
  }

  return { open, list, remove }
}

/** Reads and understands a small file; one that cannot be understood is not kept. */
async function readText<T>(
  get: (wanted: WantedFile) => Promise<Result<Response, MlcFileError>>,
  wanted: WantedFile,
  read: (text: string) => Result<T, string>,
): Promise<Result<T, MlcFileError>> {
  const file = await get(wanted)
  if (!file.ok) return file
  const value = read(await file.value.text())
  if (value.ok) return value
  await (await caches.open(wanted.cache)).delete(wanted.url)
  return err({ kind: 'bad-file', url: wanted.url, detail: value.error })
}

/** Several at a time; the first problem stops the rest from beginning. */
async function fetchAll(
  shards: readonly MlcShard[],
  fetchOne: (shard: MlcShard) => Promise<MlcFileError | null>,
): Promise<MlcFileError | null> {
  const waiting = [...shards]
  let problem: MlcFileError | null = null
  async function work(): Promise<void> {
    for (let shard = waiting.shift(); shard && !problem; shard = waiting.shift()) {
      const found = await fetchOne(shard)
      problem ??= found
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  return problem
}

const WASM_MAGIC = '\0asm'

async function isWasm(response: Response): Promise<boolean> {
  const start = await (await response.clone().blob()).slice(0, WASM_MAGIC.length).text()
  return start === WASM_MAGIC
}

async function note(model: MlcModel & MlcOrigin): Promise<void> {
  const { name, modelUrl, libraryUrl, needsShaderF16, baseUrl, license } = model
  const text = JSON.stringify({ name, modelUrl, libraryUrl, needsShaderF16, baseUrl, license })
  const cache = await caches.open(CONFIG_CACHE)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(text.length) }
  await cache.put(new URL(NOTE_FILE, modelUrl).href, new Response(text, { headers }))
}

async function list(): Promise<readonly CachedMlcModel[]> {
  const sizes = new Map<string, number>()
  for (const name of [MODEL_CACHE, CONFIG_CACHE]) {
    const cache = await caches.open(name)
    for (const { url } of await cache.keys()) {
      const folder = folderOf(url)
      if (folder === null) continue
      const response = await cache.match(url)
      sizes.set(folder, (sizes.get(folder) ?? 0) + (response ? await sizeOf(response) : 0))
    }
  }
  const models = await Promise.all([...sizes].map((entry) => describe(...entry)))
  return models.filter((model) => model !== null).reverse()
}

async function describe(modelUrl: string, sizeBytes: number): Promise<CachedMlcModel | null> {
  const configs = await caches.open(CONFIG_CACHE)
  const weights = await caches.open(MODEL_CACHE)
  const model = readNote(
    await (await configs.match(new URL(NOTE_FILE, modelUrl)))?.text(),
    modelUrl,
  )
  const text = await (await weights.match(new URL('tensor-cache.json', modelUrl)))?.text()
  const shards = text === undefined ? null : readTensorCache(text)
  // What was kept of a base repository is its chat template alone.
  if (!model && !shards) return null
  const keys = new Set((await weights.keys()).map(({ url }) => url))
  const isHere = ({ path }: MlcShard) => keys.has(new URL(path, modelUrl).href)
  return {
    modelUrl,
    name: model?.name ?? nameOf(modelUrl),
    sizeBytes,
    shards: shards?.ok
      ? { present: shards.value.filter(isHere).length, total: shards.value.length }
      : null,
    model,
  }
}

async function remove(modelUrl: string): Promise<void> {
  const models = await list()
  const model = models.find((one) => one.modelUrl === modelUrl)?.model
  const others = models.flatMap((one) => (one.modelUrl === modelUrl ? [] : (one.model ?? [])))
  const isUnused = (key: 'libraryUrl' | 'baseUrl') =>
    others.every((one) => one[key] !== model?.[key])
  const folders = [modelUrl, isUnused('baseUrl') ? model?.baseUrl : null].filter(isText)
  // The library may lie in the same folder, and be another model's too.
  for (const name of [MODEL_CACHE, CONFIG_CACHE]) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      if (folders.some((folder) => request.url.startsWith(folder))) await cache.delete(request)
    }
  }
  if (!model || !isUnused('libraryUrl')) return
  await (await caches.open(LIBRARY_CACHE)).delete(model.libraryUrl)
}

function isText(value: string | null | undefined): value is string {
  return typeof value === 'string'
}

function readNote(text: string | undefined, modelUrl: string): (MlcModel & MlcOrigin) | null {
  if (text === undefined) return null
  try {
    const value = JSON.parse(text) as Partial<Record<keyof (MlcModel & MlcOrigin), unknown>>
    const { name, libraryUrl, needsShaderF16, baseUrl, license } = value
    if (typeof name !== 'string' || typeof libraryUrl !== 'string') return null
    return {
      name,
      modelUrl,
      libraryUrl,
      needsShaderF16: needsShaderF16 === true,
      baseUrl: typeof baseUrl === 'string' ? baseUrl : null,
      license: typeof license === 'string' ? license : null,
    }
  } catch {
    return null
  }
}

/** `…/resolve/<revision>/` of a file's address. */
function folderOf(url: string): string | null {
  return /^.+?\/resolve\/[^/]+\//.exec(url)?.[0] ?? null
}

function nameOf(modelUrl: string): string {
  return new URL(modelUrl).pathname.replace(/\/resolve\/.*$/, '').slice(1)
}

async function sizeOf(response: Response): Promise<number> {
  const stated = response.headers.get('content-length')
  return stated === null ? (await response.blob()).size : Number(stated)
}
