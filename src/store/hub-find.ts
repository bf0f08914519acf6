import type { GgufHeader } from '../core/gguf/gguf-header.ts'
import { recommendQuantization } from '../core/gguf/recommend-quantization.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import { quantizationFor, quantizationsOf, type Quantization } from '../hub/catalog.ts'
import type { RepoFile } from '../hub/hub-client.ts'
import { parseRepoReference, repoId } from '../hub/repo-reference.ts'
import type { Hub } from './deps.ts'
import { fitSettings } from './fit-settings.ts'
import { hubMessage, referenceMessage } from './hub-message.ts'
import type { HubContext } from './hub-slice.ts'
import type { HeaderCheck, HubMessage, OpenedRepo } from './hub-state.ts'

/** Typing pauses this long before words are searched for. */
const TYPING_PAUSE_MS = 400
/** Fewer letters find everything. */
const LEAST_LETTERS = 3
/** A header is a few megabytes at most, but one request for each of a hundred shards is no check any more. */
const MOST_HEADERS = 16
/** Whose header to read first: what most repositories have, and most people want. */
const USUAL_LABELS = ['Q4_K_M', 'Q4_K_S', 'Q4_0', 'Q5_K_M', 'Q8_0']

/** Searching the Hub, and what a repository offers, checked before anything is downloaded. */
export function createHubFind({ deps, get, set, announce, hub }: HubContext) {
  let search = new AbortController()
  let opened = new AbortController()
  let cancelPause: () => void = () => undefined

  async function find(query: string): Promise<void> {
    cancelPause()
    search.abort()
    const { signal } = (search = new AbortController())
    if (query === '') return set({ hubSearch: { type: 'idle' } })
    set({ hubSearch: { type: 'searching', query } })
    const result = await ask((client) => client.searchModels({ text: query }, signal))
    if (signal.aborted) return
    if (!result.ok) {
      announce(result.error.title)
      return set({ hubSearch: { type: 'failed', query, message: result.error } })
    }
    const { models, next } = result.value
    announce(models.length === 0 ? 'No models found' : `${models.length} models found`)
    set({ hubSearch: { type: 'found', query, models, next, more: 'idle' } })
  }

  async function loadMoreModels(): Promise<void> {
    const { hubSearch: found } = get()
    if (found.type !== 'found' || found.next === null || found.more === 'loading') return
    const { signal } = search
    const { query: text, next } = found
    set({ hubSearch: { ...found, more: 'loading' } })
    const result = await ask((client) => client.searchModels({ text, next }, signal))
    if (signal.aborted) return
    if (!result.ok) return set({ hubSearch: { ...found, more: { failed: result.error } } })
    const known = new Set(found.models.map(({ id }) => id))
    const added = result.value.models.filter(({ id }) => !known.has(id))
    const models = [...found.models, ...added]
    set({ hubSearch: { ...found, models, next: result.value.next, more: 'idle' } })
  }

  async function openRepo(text: string): Promise<void> {
    const reference = parseRepoReference(text, get().hubBaseUrl)
    if (!reference.ok) {
      const message = referenceMessage(reference.error)
      return set({ hubSearch: { type: 'failed', query: text, message } })
    }
    cancelPause()
    opened.abort()
    const { signal } = (opened = new AbortController())
    const repo: OpenedRepo = {
      asked: text,
      id: repoId(reference.value),
      status: { type: 'opening' },
      askedQuantization: null,
      checks: {},
    }
    set({ hubRepo: repo, modelsTab: 'find' })
    const details = await ask((client) => client.openRepo(reference.value, signal))
    if (signal.aborted) return
    if (!details.ok) {
      announce(details.error.title)
      return set({ hubRepo: { ...repo, status: { type: 'failed', message: details.error } } })
    }
    const { id } = details.value
    const quantizations = quantizationsOf(details.value)
    const asked = quantizationFor(reference.value, quantizations)
    const status = { type: 'open', details: details.value } as const
    set({ hubRepo: { ...repo, id, status, askedQuantization: asked?.id ?? null } })
    announce(`${id} opened`)
    const [device] = await Promise.all([
      deps.readDevice(),
      checkFirst(asked ?? usualOf(quantizations), signal),
    ])
    if (signal.aborted) return
    set({ device })
    await checkRecommended(signal)
  }

  async function checkFirst(quantization: Quantization | undefined, signal: AbortSignal) {
    if (quantization && !signal.aborted) await checkQuantization(quantization.id)
  }

  /** The one that is recommended gets exact numbers: those of the others are estimated from one header. */
  async function checkRecommended(signal: AbortSignal): Promise<void> {
    const { hubRepo: repo, device, settingsByModel } = get()
    const read = Object.values(repo?.checks ?? {}).find((check) => check.type === 'read')
    if (repo?.status.type !== 'open' || !device || read?.type !== 'read') return
    const request = { ...fitSettings(read.headers, settingsByModel), device }
    const best = recommendQuantization(quantizationsOf(repo.status.details), request)
    await checkFirst(best?.candidate, signal)
  }

  async function checkQuantization(id: string): Promise<void> {
    const { hubRepo: repo } = get()
    const known = repo?.checks[id]?.type
    if (repo?.status.type !== 'open' || known === 'reading' || known === 'read') return
    const quantization = quantizationsOf(repo.status.details).find((one) => one.id === id)
    if (!quantization) return
    const { signal } = opened
    const show = (check: HeaderCheck) => {
      const current = get().hubRepo
      if (signal.aborted || !current) return
      set({ hubRepo: { ...current, checks: { ...current.checks, [id]: check } } })
    }
    show({ type: 'reading' })
    const headers = await readHeaders(quantization.files, signal)
    show(
      headers.ok
        ? { type: 'read', headers: headers.value }
        : { type: 'failed', message: headers.error },
    )
  }

  async function readHeaders(
    files: readonly RepoFile[],
    signal: AbortSignal,
  ): Promise<Result<readonly [GgufHeader, ...GgufHeader[]], HubMessage>> {
    const read = (file: RepoFile) => ask((client) => client.readHeader(file, signal))
    const [first, ...others] = await Promise.all(
      files.slice(0, files.length > MOST_HEADERS ? 1 : files.length).map(read),
    )
    if (!first) return err(NO_FILES)
    if (!first.ok) return first
    const more: GgufHeader[] = []
    for (const header of others) {
      if (!header.ok) return header
      more.push(header.value)
    }
    return ok([first.value, ...more])
  }

  type Answer<T> = Promise<Result<T, Parameters<typeof hubMessage>[0]>>

  async function ask<T>(
    question: (client: Hub['client']) => Answer<T>,
  ): Promise<Result<T, HubMessage>> {
    const access = await hub.open()
    if (!access.ok) return access
    const answer = await question(access.value.client)
    return answer.ok ? answer : err(hubMessage(answer.error))
  }

  return {
    /** Words are searched for when the typing pauses; what looks like a name waits for Enter. */
    searchWhileTyping(text: string) {
      cancelPause()
      const query = text.trim()
      if (query === '') return void find('')
      if (query.length < LEAST_LETTERS || /[/:]/.test(query)) return
      cancelPause = deps.setTimer(() => void find(query), TYPING_PAUSE_MS)
    },
    async submitHubQuery(text: string) {
      set({ hubQuery: text })
      cancelPause()
      const query = text.trim()
      const reference = parseRepoReference(query, get().hubBaseUrl)
      if (reference.ok) return openRepo(query)
      const { kind } = reference.error
      // Words are no reference; everything else was meant as one.
      if (kind === 'empty' || kind === 'no-owner') return find(query)
      set({
        hubSearch: { type: 'failed', query, message: referenceMessage(reference.error) },
        hubRepo: null,
      })
    },
    loadMoreModels,
    openRepo,
    closeRepo() {
      opened.abort()
      set({ hubRepo: null })
    },
    checkQuantization,
  }
}

function usualOf(quantizations: readonly Quantization[]): Quantization | undefined {
  const complete = quantizations.filter(({ isComplete }) => isComplete)
  const usual = USUAL_LABELS.map((label) => complete.find((one) => one.label === label))
  return usual.find((one) => one !== undefined) ?? complete[0]
}

const NO_FILES: HubMessage = {
  title: 'There is no file to check',
  advice: 'Choose another quantization.',
  link: null,
  step: null,
}
