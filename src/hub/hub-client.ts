import type { GgufError, GgufHeader } from '../core/gguf/gguf-header.ts'
import { readTokenizerConfig, type TokenizerConfig } from '../core/template/tokenizer-config.ts'
import { readGgufHeader } from '../core/gguf/read-gguf-header.ts'
import { err, ok, type Result } from '../core/lib/result.ts'
import {
  fetchError,
  responseError,
  type HubError,
  type HubRequest,
  type IsOnline,
} from './hub-error.ts'
import { createRangeSource, type HubAnswer } from './hub-client/range-source.ts'
import {
  parseModelInfo,
  parseModelList,
  parseTree,
  type RepoSummary,
} from './hub-client/parse-api.ts'
import { repoId, type RepoReference } from './repo-reference.ts'

export type { License, RepoSummary } from './hub-client/parse-api.ts'

export type HubClient = {
  /** GGUF models whose name contains the words, most downloaded first. Page by page: give `next` back for more. */
  readonly searchModels: (
    query: ModelQuery,
    signal: AbortSignal,
  ) => Promise<Result<ModelPage, HubError>>
  /** What is in a repository now, pinned to the commit that its branch is at. */
  readonly openRepo: (
    reference: RepoReference,
    signal: AbortSignal,
  ) => Promise<Result<RepoDetails, HubError>>
  /** Template and special tokens, from `tokenizer_config.json` and, in newer repositories, `chat_template.jinja`. */
  readonly readPromptTexts: (
    reference: RepoReference,
    signal: AbortSignal,
  ) => Promise<Result<TokenizerConfig, HubError>>
  /** Where a file's bytes are: behind a redirect, so not to be stored. */
  readonly fileUrl: (file: RepoFile) => string
  /** Reads the header of a GGUF file by Range: a few megabytes at most, however large the file. */
  readonly readHeader: (
    file: RepoFile,
    signal: AbortSignal,
  ) => Promise<Result<GgufHeader, HubError | HeaderError>>
}

export type ModelQuery = {
  readonly text: string
  readonly sort?: 'downloads' | 'likes' | 'lastModified'
  /** From the page before. */
  readonly next?: string | null
}

export type ModelPage = { readonly models: readonly RepoSummary[]; readonly next: string | null }

export type RepoDetails = RepoSummary & {
  /** 40 hexadecimal digits. */
  readonly commit: string
  /** As the user named it; null for the default branch. */
  readonly revision: string | null
  readonly files: readonly RepoFile[]
}

export type RepoFile = {
  /** `owner/name`. */
  readonly repo: string
  readonly commit: string
  readonly path: string
  readonly sizeBytes: number
  /** Of the content, in hexadecimal; null for small files outside LFS. */
  readonly sha256: string | null
}

/** The file is there but its header cannot be read. */
export type HeaderError = { readonly kind: 'bad-header'; readonly error: GgufError }

export type HubClientDeps = {
  /** Without a slash at the end: `https://huggingface.co` or a mirror. */
  readonly baseUrl: () => string
  /** The token for this origin. It travels in the Authorization header alone, and to this origin alone. */
  readonly token: (origin: string) => string | null
  readonly fetch: typeof fetch
  readonly isOnline?: IsOnline
  readonly timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 30_000
const PAGE_SIZE = 20
/** A repository with more files than 20 pages of 1000 is no model. */
const MAX_TREE_PAGES = 20

const SEARCH_FIELDS = ['downloads', 'likes', 'lastModified', 'gated', 'tags', 'gguf']
const INFO_FIELDS = [...SEARCH_FIELDS, 'sha', 'cardData', 'disabled', 'private']

/**
 * Talks to the Hub's API, or to a mirror with the same paths.
 *
 * `GET /api/models`, `GET /api/models/{id}/revision/{revision}`, `GET /api/models/{id}/tree/{commit}?recursive=true`
 * and `GET /{id}/resolve/{commit}/{path}`; pages by `Link: <…>; rel="next"`.
 * https://huggingface.co/docs/hub/api, https://huggingface.co/docs/huggingface_hub/package_reference/hf_api
 */
export function createHubClient(deps: HubClientDeps): HubClient {
  // Taken out of `deps`: a browser's `fetch` refuses to be called as another object's method.
  const { fetch: send, isOnline = () => true, timeoutMs = DEFAULT_TIMEOUT_MS } = deps
  const fileUrl = (file: RepoFile) =>
    `${base()}/${file.repo}/resolve/${file.commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`
  return { searchModels, openRepo, readPromptTexts, fileUrl, readHeader }

  async function searchModels(query: ModelQuery, signal: AbortSignal) {
    const url = new URL(`${base()}/api/models`)
    const text = query.text.trim()
    if (text !== '') url.searchParams.set('search', text)
    url.searchParams.set('filter', 'gguf')
    url.searchParams.set('sort', query.sort ?? 'downloads')
    url.searchParams.set('limit', String(PAGE_SIZE))
    if (query.next) url.searchParams.set('cursor', query.next)
    const answer = await getJson(expand(url, SEARCH_FIELDS), null, signal)
    if (!answer.ok) return answer
    const models = parseModelList(answer.value.body)
    return models.ok ? ok({ models: models.value, next: answer.value.next }) : models
  }

  async function openRepo(reference: RepoReference, signal: AbortSignal) {
    const id = repoId(reference)
    const revision = encodeURIComponent(reference.revision ?? 'main')
    const url = new URL(`${base()}/api/models/${id}/revision/${revision}`)
    const answer = await getJson(expand(url, INFO_FIELDS), id, signal)
    if (!answer.ok) return answer
    const info = parseModelInfo(answer.value.body)
    if (!info.ok) return info
    const { commit, ...summary } = info.value
    const files = await listFiles(summary.id, commit, signal)
    if (!files.ok) return files
    return ok({ ...summary, commit, revision: reference.revision, files: files.value })
  }

  async function listFiles(
    repo: string,
    commit: string,
    signal: AbortSignal,
  ): Promise<Result<readonly RepoFile[], HubError>> {
    const files: RepoFile[] = []
    let next: string | null = null
    for (let page = 0; page < MAX_TREE_PAGES; page++) {
      const url = new URL(`${base()}/api/models/${repo}/tree/${commit}?recursive=true`)
      if (next !== null) url.searchParams.set('cursor', next)
      const answer: Result<JsonAnswer, HubError> = await getJson(url, repo, signal)
      if (!answer.ok) return answer
      const entries = parseTree(answer.value.body)
      if (!entries.ok) return entries
      files.push(...entries.value.map((entry) => ({ repo, commit, ...entry })))
      next = answer.value.next
      if (next === null) return ok(files)
    }
    return err({ kind: 'bad-response', detail: 'the list of files does not end' })
  }

  async function readPromptTexts(
    reference: RepoReference,
    signal: AbortSignal,
  ): Promise<Result<TokenizerConfig, HubError>> {
    const config = await readSmall(reference, 'tokenizer_config.json', signal)
    if (!config.ok) return config
    const texts = readTokenizerConfig(config.value)
    if (!texts) return err({ kind: 'bad-response', detail: 'tokenizer_config.json is no JSON' })
    const template = await readSmall(reference, 'chat_template.jinja', signal)
    // Older repositories have no such file; where there is one it counts more.
    if (!template.ok) return template.error.kind === 'not-found' ? ok(texts) : template
    return ok({ ...texts, chatTemplate: template.value })
  }

  async function readSmall(
    reference: RepoReference,
    path: string,
    signal: AbortSignal,
  ): Promise<Result<string, HubError>> {
    const id = repoId(reference)
    const revision = encodeURIComponent(reference.revision ?? 'main')
    const url = new URL(`${base()}/${id}/resolve/${revision}/${path}`)
    const answer = await get(url, id, { signal, range: null })
    return answer.ok ? answer.value.read((response) => response.text()) : answer
  }

  async function readHeader(
    file: RepoFile,
    signal: AbortSignal,
  ): Promise<Result<GgufHeader, HubError | HeaderError>> {
    const url = fileUrl(file)
    const source = createRangeSource(file, (range) =>
      get(new URL(url), file.repo, { signal, range }),
    )
    const header = await readGgufHeader(source)
    if (header.ok) return header
    return err(source.error() ?? { kind: 'bad-header', error: header.error })
  }

  type JsonAnswer = { readonly body: unknown; readonly next: string | null }

  async function getJson(
    url: URL,
    repo: string | null,
    signal: AbortSignal,
  ): Promise<Result<JsonAnswer, HubError>> {
    const answer = await get(url, repo, { signal, range: null })
    if (!answer.ok) return answer
    const text = await answer.value.read((response) => response.text())
    if (!text.ok) return text
    const next = nextCursor(answer.value.response.headers.get('link'))
    try {
      return ok({ body: JSON.parse(text.value) as unknown, next })
    } catch {
      return err({ kind: 'bad-response', detail: `no JSON: ${text.value.slice(0, 80)}` })
    }
  }

  type GetOptions = { readonly signal: AbortSignal; readonly range: string | null }

  async function get(
    url: URL,
    repo: string | null,
    { signal, range }: GetOptions,
  ): Promise<Result<HubAnswer, HubError>> {
    const token = deps.token(url.origin)
    const request: HubRequest = {
      url: url.href,
      repo,
      baseUrl: base(),
      hadToken: token !== null,
      timeoutMs,
    }
    const headers = new Headers()
    // On a redirect to another origin the browser takes this header away, so the second host never sees it.
    if (token !== null) headers.set('Authorization', `Bearer ${token}`)
    // One range with both ends needs no CORS preflight.
    if (range !== null) headers.set('Range', range)
    const timeout = AbortSignal.timeout(timeoutMs)
    const failed = (cause: unknown) => err(fetchError(cause, request, { signal, isOnline }))
    try {
      const response = await send(url, {
        headers,
        signal: AbortSignal.any([signal, timeout]),
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      })
      if (!response.ok && response.status !== 416) {
        await response.body?.cancel()
        return err(responseError(response, request))
      }
      return ok({
        response,
        read: (how) => how(response).then(ok, (cause: unknown) => failed(cause)),
      })
    } catch (cause) {
      return failed(cause)
    }
  }

  function base(): string {
    return deps.baseUrl().replace(/\/+$/, '')
  }
}

function expand(url: URL, fields: readonly string[]): URL {
  for (const field of fields) url.searchParams.append('expand[]', field)
  return url
}

/**
 * The cursor in `Link: <https://…?cursor=…>; rel="next"`. Only the cursor is taken: a mirror may forget to put its own
 * host there, and the token must not follow to another.
 */
function nextCursor(link: string | null): string | null {
  const [, url] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? []
  if (url === undefined || !URL.canParse(url, 'https://huggingface.co')) return null
  return new URL(url, 'https://huggingface.co').searchParams.get('cursor')
}
