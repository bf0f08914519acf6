import { FORMAT_IDS } from '../core/formats/format-ids.ts'
import type { ConversationId } from '../core/chat/transcript.ts'
import { CACHE_TYPES } from '../core/gguf/kv-cache.ts'
import type { YarnScaling } from '../core/gguf/yarn.ts'
import { isJsonObject, type JsonObject } from '../core/lib/json.ts'
import type { ToolId } from '../core/tools/tool.ts'
import { readCallRules } from '../core/tools/tool-choice.ts'
import type { LoadOptions, SamplingParams } from '../engine/engine.ts'
import type { KeyValues } from './deps.ts'
import type { EndpointSource, TemplateSource } from './endpoint-state.ts'
import type { AcceptedTerms } from './hub-state.ts'
import type { KnownFile } from '../hub/reopen-files.ts'
import { recommendedSettings } from './recommended-settings.ts'
import type { AppState, LastLocalModel, LastModel, ModelSettings, StoredSource } from './state.ts'

/** What is kept in localStorage, each under a key of its own so that tabs overwrite no more than what they change. */
export type SavedSettings = Pick<
  AppState,
  | 'theme'
  | 'automatic'
  | 'callRules'
  | 'maxSteps'
  | 'readAhead'
  | 'settingsByModel'
  | 'paneSizes'
  | 'phonePane'
  | 'inspectorTab'
  | 'selectedToolId'
  | 'presetId'
  | 'conversationId'
  | 'composerText'
  | 'resultDrafts'
  | 'hubBaseUrl'
  | 'acceptedTerms'
  | 'lastModel'
  | 'recentEndpoints'
>

type Key = keyof SavedSettings

/** Of a value of another type, undefined: then the default stays. */
type Readers = { readonly [K in Key]: (value: unknown) => SavedSettings[K] | undefined }

const VERSION = 1
const PREFIX = 'callground:'
/** What a `Date` can hold. */
const MOST_DATE_MS = 8.64e15

/** Settings of the app follow a change in another tab at once; the rest is each tab's own and read at the start. */
const SHARED: ReadonlySet<Key> = new Set<Key>([
  'theme',
  'automatic',
  'callRules',
  'maxSteps',
  'readAhead',
  'settingsByModel',
  'hubBaseUrl',
  'acceptedTerms',
  'recentEndpoints',
])

/** Steps from the version of the index to the next one. */
const MIGRATIONS: Readonly<Record<number, (value: unknown) => unknown>> = {}

const READERS: Readers = {
  theme: (value) => oneOf(value, ['system', 'light', 'dark']),
  automatic: (value) => (typeof value === 'boolean' ? value : undefined),
  callRules: readCallRules,
  maxSteps: (value) => numberIn(value, 1, 50),
  readAhead: (value) => (typeof value === 'boolean' ? value : undefined),
  settingsByModel: (value) => readEntries(value, readModelSettings),
  paneSizes: (value) => readEntries(value, (size) => numberIn(size, 0, 100)),
  phonePane: (value) => oneOf(value, ['tools', 'chat', 'calls']),
  inspectorTab: (value) => oneOf(value, ['calls', 'prompt', 'raw', 'tokens']),
  selectedToolId: (value) => nullOr(value, (id) => id as ToolId),
  presetId: (value) => nullOr(value, (id) => id),
  conversationId: (value) =>
    typeof value === 'string' && value ? (value as ConversationId) : undefined,
  composerText: (value) => (typeof value === 'string' ? value : undefined),
  resultDrafts: (value) =>
    readEntries(value, (text) => (typeof text === 'string' ? text : undefined)),
  // Any page can open a mirror's address by https or http, which `connect-src` allows; nothing else.
  hubBaseUrl: (value) => (isWebAddress(value) ? value : undefined),
  acceptedTerms: (value) => readEntries(value, readTerms),
  recentEndpoints: (value) =>
    Array.isArray(value) ? value.flatMap((entry) => readEndpoint(entry) ?? []) : undefined,
  lastModel: (value) => (value === null ? null : readLastModel(value)),
}

const KEYS = Object.keys(READERS) as readonly Key[]

/** What was saved; what is missing or cannot be read is left out. */
export function readSavedSettings(keyValues: KeyValues): Partial<SavedSettings> {
  return Object.assign(
    {},
    ...KEYS.map((key) => readSaved(key, keyValues.read(PREFIX + key))),
  ) as Partial<SavedSettings>
}

/** Writes what differs between two states. False when something could not be kept. */
export function writeChangedSettings(
  keyValues: KeyValues,
  state: AppState,
  previous: AppState,
): boolean {
  return KEYS.filter((key) => state[key] !== previous[key])
    .map((key) => {
      const merged =
        key === 'settingsByModel' ? mergeModels(keyValues, state, previous) : state[key]
      return keyValues.write(PREFIX + key, key === 'theme' ? state.theme : encode(merged))
    })
    .every(Boolean)
}

/** The change that another tab's write means for this one; null when it is none of ours. */
export function readForeignChange(
  storageKey: string,
  value: string | null,
): Partial<SavedSettings> | null {
  const key = KEYS.find((candidate) => PREFIX + candidate === storageKey)
  if (key === undefined || !SHARED.has(key) || value === null) return null
  return readSaved(key, value)
}

function readSaved(key: Key, text: string | null): Partial<SavedSettings> {
  if (text === null) return {}
  // Plain, as the script that sets the theme before the first paint reads it too.
  const value = READERS[key](key === 'theme' ? text : decode(text))
  return value === undefined ? {} : { [key]: value }
}

/** Another tab may have changed another model's settings meanwhile. */
function mergeModels(
  keyValues: KeyValues,
  state: AppState,
  previous: AppState,
): AppState['settingsByModel'] {
  const saved = readSavedSettings(keyValues).settingsByModel ?? {}
  const changed = Object.entries(state.settingsByModel).filter(
    ([name, settings]) => previous.settingsByModel[name] !== settings,
  )
  const removed = Object.keys(previous.settingsByModel).filter(
    (name) => !Object.hasOwn(state.settingsByModel, name),
  )
  const kept = Object.entries(saved).filter(([name]) => !removed.includes(name))
  return Object.fromEntries([...kept, ...changed])
}

function encode(value: unknown): string {
  return JSON.stringify({ version: VERSION, value })
}

function decode(text: string): unknown {
  let saved: unknown
  try {
    saved = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(saved) || typeof saved['version'] !== 'number' || saved['version'] > VERSION)
    return undefined
  let value: unknown = saved['value']
  for (let version = saved['version']; version < VERSION; version++) {
    value = MIGRATIONS[version]?.(value)
  }
  return value
}

function readModelSettings(value: unknown): Partial<ModelSettings> | undefined {
  if (!isJsonObject(value)) return undefined
  const base = recommendedSettings({ name: '', trainedContextLength: null })
  const { sampling, load, keepInstruction, chatTemplate } = value
  const toolShape = oneOf(value['toolShape'], ['auto', 'bare', 'wrapped'])
  const alternatives = numberIn(value['alternatives'], 0, 20)
  const format = oneOf(value['format'], ['auto', ...FORMAT_IDS])
  return {
    ...(isJsonObject(sampling) && {
      sampling: readNumbers<SamplingParams>(sampling, base.sampling),
    }),
    ...(isJsonObject(load) && { load: readLoadOptions(load, base.load) }),
    ...(toolShape && { toolShape }),
    ...(format && { format }),
    ...(typeof keepInstruction === 'boolean' && { keepInstruction }),
    ...((typeof chatTemplate === 'string' || chatTemplate === null) && { chatTemplate }),
    ...(alternatives !== undefined && { alternatives }),
  }
}

function readTerms(value: unknown): AcceptedTerms | undefined {
  if (!isJsonObject(value) || typeof value['acceptedAtMs'] !== 'number') return undefined
  const { license, acceptedAtMs } = value
  if (!isJsonObject(license) || typeof license['id'] !== 'string') {
    return { license: null, acceptedAtMs }
  }
  const { id, name, link } = license
  const text = (field: unknown) => (typeof field === 'string' ? field : null)
  const url = text(link)
  return {
    // It becomes a link, so nothing but the web.
    license: { id, name: text(name), link: url?.startsWith('https://') ? url : null },
    acceptedAtMs,
  }
}

function readLastModel(value: unknown): LastModel | undefined {
  if (!isJsonObject(value)) return undefined
  if (value['type'] === 'endpoint') return readEndpoint(value)
  if (value['type'] === 'mlc') return readMlcSource(value['model'])
  return readStoredSource(value) ?? readLastLocalModel(value)
}

function readMlcSource(value: unknown): LastModel | undefined {
  if (!isJsonObject(value) || typeof value['name'] !== 'string') return undefined
  const { name, modelUrl, libraryUrl, needsShaderF16, baseUrl, license } = value
  if (!isWebAddress(modelUrl) || !isWebAddress(libraryUrl)) return undefined
  const model = {
    name,
    modelUrl,
    libraryUrl,
    needsShaderF16: needsShaderF16 === true,
    baseUrl: isWebAddress(baseUrl) ? baseUrl : null,
    license: typeof license === 'string' ? license : null,
  }
  return { type: 'mlc', model }
}

function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)
}

function readStoredSource(value: unknown): StoredSource | undefined {
  if (!isJsonObject(value)) return undefined
  const { type, id, repo, commit, quantization } = value
  if (type !== 'stored' || typeof id !== 'string' || typeof quantization !== 'string') {
    return undefined
  }
  const text = (field: unknown) => (typeof field === 'string' ? field : null)
  return { type, id, repo: text(repo), commit: text(commit), quantization }
}

function readLastLocalModel(value: unknown): LastLocalModel | undefined {
  if (!isJsonObject(value)) return undefined
  const { type, name, handlesId, files, before } = value
  if (type !== 'local' || typeof name !== 'string' || !Array.isArray(files)) return undefined
  const known = files.flatMap((file) => readKnownFile(file) ?? [])
  if (known.length === 0 || known.length !== files.length) return undefined
  return {
    type,
    name,
    handlesId: typeof handlesId === 'string' ? handlesId : null,
    files: known,
    before: readStoredSource(before) ?? null,
  }
}

function readKnownFile(value: unknown): KnownFile | undefined {
  if (!isJsonObject(value)) return undefined
  const { path } = value
  const sizeBytes = numberIn(value['sizeBytes'], 0, Number.MAX_SAFE_INTEGER)
  const modifiedAtMs = numberIn(value['modifiedAtMs'], -MOST_DATE_MS, MOST_DATE_MS)
  return typeof path === 'string' && sizeBytes !== undefined && modifiedAtMs !== undefined
    ? { path, sizeBytes, modifiedAtMs }
    : undefined
}

function readEndpoint(value: unknown): EndpointSource | undefined {
  if (!isJsonObject(value)) return undefined
  const { baseUrl, model } = value
  const mode = oneOf(value['mode'], ['raw', 'chat'])
  if (!isWebAddress(baseUrl) || typeof model !== 'string' || mode === undefined) return undefined
  return { type: 'endpoint', baseUrl, model, mode, template: readTemplate(value['template']) }
}

function readTemplate(value: unknown): TemplateSource {
  const { type, repo, text } = isJsonObject(value) ? value : {}
  if (type === 'repo' && typeof repo === 'string') return { type, repo }
  return type === 'pasted' && typeof text === 'string' ? { type, text } : { type: 'server' }
}

function readLoadOptions(saved: JsonObject, base: LoadOptions): LoadOptions {
  const { cacheType, yarn, ...numbers } = base
  return {
    ...readNumbers(saved, numbers),
    cacheType: oneOf(saved['cacheType'], CACHE_TYPES) ?? cacheType,
    yarn: readYarn(saved['yarn']) ?? yarn,
  }
}

function readYarn(value: unknown): YarnScaling | undefined {
  if (!isJsonObject(value)) return undefined
  const factor = numberIn(value['factor'], 1, 1000)
  const originalContext = numberIn(value['originalContext'], 1, 2 ** 31)
  return factor === undefined || originalContext === undefined
    ? undefined
    : { factor, originalContext }
}

/** Each field of `base` as saved when it is a number (or null where that is allowed), else as in `base`. */
function readNumbers<T extends { readonly [K in keyof T]: number | null }>(
  saved: { readonly [key: string]: unknown },
  base: T,
): T {
  const entries = Object.entries<number | null>(base).map(([key, fallback]) => {
    const value = saved[key]
    const isNumber = typeof value === 'number' && Number.isFinite(value)
    const mayBeNull = key === 'seed' || key === 'threads' || key === 'gpuLayers'
    return [key, isNumber || (value === null && mayBeNull) ? value : fallback]
  })
  return Object.fromEntries(entries) as T
}

function readEntries<T>(
  value: unknown,
  read: (entry: unknown) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  if (!isJsonObject(value)) return undefined
  const entries = Object.entries(value).flatMap(([key, entry]) => {
    const readable = read(entry)
    return readable === undefined ? [] : [[key, readable] as const]
  })
  return Object.fromEntries(entries)
}

function oneOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value)
}

function numberIn(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && value >= least && value <= most ? value : undefined
}

function nullOr<T>(value: unknown, brand: (id: string) => T): T | null | undefined {
  if (value === null) return null
  return typeof value === 'string' ? brand(value) : undefined
}
