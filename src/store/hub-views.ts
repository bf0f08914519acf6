import { detectFormat } from '../core/formats/all-formats.ts'
import { assessFit, type FitReport } from '../core/gguf/fit.ts'
import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import {
  assessCandidate,
  recommendQuantization,
  type RecommendRequest,
} from '../core/gguf/recommend-quantization.ts'
import { quantizationsOf, type Quantization } from '../hub/catalog.ts'
import type { Download } from '../hub/download-state.ts'
import type { License, RepoDetails } from '../hub/hub-client.ts'
import { licenseTerms, type LicenseTerms } from '../hub/license.ts'
import { MLC_MODELS, type MlcBuild } from '../hub/mlc-catalog.ts'
import type { CachedMlcModel } from '../hub/mlc-models.ts'
import type { ModelEntry, StoredModel } from '../hub/model-store.ts'
import { RECOMMENDED_MODELS, type RecommendedModel } from '../hub/recommended-models.ts'
import { fitSettings } from './fit-settings.ts'
import type { HeaderCheck, HubSlice, OpenedRepo } from './hub-state.ts'
import { memoFields } from './memo.ts'
import type { AppState, MlcSource } from './state.ts'

// --- find ----------------------------------------------------------------------------------------

export type ModelFamilyGroup = {
  readonly family: string
  readonly models: readonly RecommendedModel[]
}

/** The recommended models by family, in their own order. */
export const RECOMMENDED_GROUPS: readonly ModelFamilyGroup[] = [
  ...new Set(RECOMMENDED_MODELS.map(({ family }) => family)),
].map((family) => ({
  family,
  models: RECOMMENDED_MODELS.filter((model) => model.family === family),
}))

/** One way the open repository offers its model, and what is known of it here. */
export type QuantizationRow = {
  readonly quantization: Quantization
  /** Null until a header has been read. */
  readonly fit: FitReport | null
  /** From its own header; else estimated from that of another quantization. */
  readonly isExact: boolean
  readonly isRecommended: boolean
  /** The user asked for this one by its file or label. */
  readonly isAsked: boolean
  readonly check: HeaderCheck | null
  readonly download: Download | null
  readonly stored: StoredModel | null
}

const rowsOf = memoFields(
  (facts: {
    readonly repo: OpenedRepo | null
    readonly device: HubSlice['device']
    readonly settingsByModel: AppState['settingsByModel']
    readonly downloads: readonly Download[]
    readonly shelf: HubSlice['shelf']
  }): readonly QuantizationRow[] => {
    const { repo, device, settingsByModel } = facts
    if (repo?.status.type !== 'open') return []
    const { details } = repo.status
    const quantizations = quantizationsOf(details)
    const read = firstRead(repo)
    const request = read && device ? { ...fitSettings(read, settingsByModel), device } : null
    const best = request ? recommendQuantization(quantizations, request) : null
    const models = facts.shelf.type === 'read' ? facts.shelf.shelf.models : []
    return quantizations.map((quantization) => {
      const check = repo.checks[quantization.id] ?? null
      const isSame = (one: Pick<StoredModel, 'repo' | 'commit' | 'quantization'>) =>
        one.repo === details.id &&
        one.commit === details.commit &&
        one.quantization === quantization.label
      return {
        quantization,
        fit: request && fitOf(quantization, check, { ...facts, request }),
        isExact: check?.type === 'read',
        isRecommended: best?.candidate === quantization,
        isAsked: repo.askedQuantization === quantization.id,
        check,
        download: facts.downloads.find(isSame) ?? null,
        stored: models.filter(isModel).find(isSame) ?? null,
      }
    })
  },
)

/** What the open repository offers, smallest first. */
export function selectQuantizationRows(state: AppState): readonly QuantizationRow[] {
  const { hubRepo: repo, device, settingsByModel, downloads, shelf } = state
  return rowsOf({ repo, device, settingsByModel, downloads, shelf })
}

function fitOf(
  quantization: Quantization,
  check: HeaderCheck | null,
  {
    request,
    settingsByModel,
  }: {
    readonly request: RecommendRequest
    readonly settingsByModel: AppState['settingsByModel']
  },
): FitReport {
  if (check?.type !== 'read') return assessCandidate(quantization, request)
  const { sizeBytes } = quantization
  const { device } = request
  const own = fitSettings(check.headers, settingsByModel)
  return assessFit({ ...own, device, sizeBytes, downloadBytes: sizeBytes })
}

function firstRead(repo: OpenedRepo): readonly [GgufHeader, ...GgufHeader[]] | null {
  for (const check of Object.values(repo.checks)) if (check.type === 'read') return check.headers
  return null
}

export type RepoFacts = {
  readonly architecture: string
  readonly parameterCount: number
  readonly contextLength: number | null
  /** The tool call format that the chat template speaks; null when there is no template. */
  readonly format: { readonly label: string; readonly certain: boolean } | null
  /** What the fit was computed with. */
  readonly forContext: number
  readonly forCache: string
}

const factsOf = memoFields(
  ({
    repo,
    settingsByModel,
  }: {
    readonly repo: OpenedRepo | null
    readonly settingsByModel: AppState['settingsByModel']
  }): RepoFacts | null => {
    const read = repo && firstRead(repo)
    if (!read) return null
    const { header, contextLength, cacheType } = fitSettings(read, settingsByModel)
    const template = header.toolUseTemplate ?? header.chatTemplate
    const detected = template === null ? null : detectFormat(template)
    return {
      architecture: header.architecture,
      parameterCount: header.parameterCount,
      contextLength: header.contextLength,
      format: detected && { label: detected.format.label, certain: detected.certain },
      forContext: contextLength,
      forCache: cacheType,
    }
  },
)

/** What the headers say of the open repository's model; null until one has been read. */
export function selectRepoFacts({ hubRepo: repo, settingsByModel }: AppState): RepoFacts | null {
  return factsOf({ repo, settingsByModel })
}

// --- terms ---------------------------------------------------------------------------------------

export type Terms = LicenseTerms & {
  /** What it means for who uses the model, in a sentence or two. */
  readonly note: string
}

const USE_NOTES: Readonly<Record<LicenseTerms['use'], string>> = {
  open: 'Free to use, also commercially, as its license says.',
  'non-commercial': 'For research and private use only: its license does not allow commercial use.',
  'own-terms': 'Its makers wrote terms of their own: read them before you use it.',
  unknown: 'Its repository names no license: ask its owner what you may do with it.',
}

/** The terms of a repository; `license` is what it says itself, if it was asked. */
export function termsOf(repo: string, license: License | null, baseUrl: string): Terms {
  const known = RECOMMENDED_MODELS.find((model) => model.repo === repo)
  const stated = license ?? (known ? { id: known.license, name: null, link: null } : null)
  const terms = licenseTerms(stated, `${baseUrl}/${repo}`)
  return { ...terms, note: known?.terms ?? USE_NOTES[terms.use] }
}

export function repoTerms(details: RepoDetails, baseUrl: string): Terms {
  return termsOf(details.id, details.license, baseUrl)
}

const runningTerms = memoFields(
  ({
    source,
    header,
    accepted,
    baseUrl,
  }: {
    readonly source: AppState['modelSource']
    readonly header: GgufHeader | null
    readonly accepted: AppState['acceptedTerms']
    readonly baseUrl: string
  }): Terms | null => {
    if (source?.type === 'stored' && source.repo !== null) {
      return termsOf(source.repo, accepted[source.repo]?.license ?? fromHeader(header), baseUrl)
    }
    if (source?.type === 'mlc') return source.model.license ? mlcTerms(source.model) : null
    const stated = fromHeader(header)
    if (!stated) return null
    const terms = licenseTerms(stated, '')
    return { ...terms, note: USE_NOTES[terms.use] }
  },
)

/** The terms of an MLC model are those of what it was converted from. */
export function mlcTerms({ license, baseUrl, modelUrl }: MlcSource['model']): Terms {
  const page = (baseUrl ?? modelUrl).replace(/\/resolve\/.*$/, '')
  const stated = license === null ? null : { id: license, name: null, link: null }
  const terms = licenseTerms(stated, page)
  return { ...terms, note: USE_NOTES[terms.use] }
}

/** The terms of the running model, as its repository or its file names them; null when neither does. */
export function selectRunningTerms(state: AppState): Terms | null {
  const { modelSource: source, modelHeader: header, acceptedTerms: accepted } = state
  return runningTerms({ source, header, accepted, baseUrl: state.hubBaseUrl })
}

function fromHeader(header: GgufHeader | null): License | null {
  const text = (key: string) => {
    const value = header?.metadata.get(key)
    return typeof value === 'string' && value !== '' ? value : null
  }
  const id = text('general.license')
  const link = text('general.license.link')
  return id === null
    ? null
    : { id, name: text('general.license.name'), link: link?.startsWith('https://') ? link : null }
}

// --- WebLLM --------------------------------------------------------------------------------------

export type MlcRow = {
  readonly id: string
  readonly title: string
  readonly terms: Terms
  /** The terms were accepted here before. */
  readonly isAccepted: boolean
  readonly builds: readonly (MlcBuild & {
    /** Why it cannot run here, or null. */
    readonly obstacle: string | null
    readonly isHere: boolean
    readonly isRunning: boolean
  })[]
}

const mlcRowsOf = memoFields(
  ({
    baseUrl,
    support,
    shelf,
    source,
    accepted,
  }: {
    readonly accepted: AppState['acceptedTerms']
    readonly baseUrl: string
    readonly support: AppState['webllmSupport']
    readonly shelf: AppState['mlcShelf']
    readonly source: AppState['modelSource']
  }): readonly MlcRow[] =>
    MLC_MODELS.map((model) => ({
      id: model.id,
      title: model.title,
      terms: mlcTerms({
        name: model.id,
        modelUrl: '',
        libraryUrl: '',
        needsShaderF16: false,
        license: model.license,
        baseUrl: `${baseUrl}/${model.baseRepo}`,
      }),
      isAccepted: Object.hasOwn(accepted, model.baseRepo),
      builds: model.builds.map((build) => ({
        ...build,
        obstacle: obstacleTo(build, support),
        isHere: shelf?.some(({ name, shards }) => name === build.id && isWhole(shards)) ?? false,
        isRunning: source?.type === 'mlc' && source.model.name === build.id,
      })),
    })),
)

/** WebLLM's own list, and what of it can run here. */
export function selectMlcRows(state: AppState): readonly MlcRow[] {
  const {
    hubBaseUrl: baseUrl,
    webllmSupport: support,
    mlcShelf: shelf,
    modelSource: source,
    acceptedTerms: accepted,
  } = state
  return mlcRowsOf({ baseUrl, support, shelf, source, accepted })
}

function obstacleTo(build: MlcBuild, support: AppState['webllmSupport']): string | null {
  if (support?.type === 'none') return 'No WebGPU'
  return support && build.needsShaderF16 && !support.hasShaderF16 ? 'Needs shader-f16' : null
}

function isWhole(shards: CachedMlcModel['shards']): boolean {
  return shards !== null && shards.present === shards.total
}

// --- store ---------------------------------------------------------------------------------------

export function isModel(entry: ModelEntry): entry is StoredModel {
  return entry.type === 'model'
}
