/** Why the Hub, or a mirror of it, did not give what was asked. */
export type HubError =
  | { readonly kind: 'offline' }
  /** No answer that a page may read: no connection, it broke, or the host sends no CORS headers. A browser does not say which. */
  | { readonly kind: 'network'; readonly host: string; readonly detail: string }
  | { readonly kind: 'timeout'; readonly host: string; readonly timeoutMs: number }
  /** To a stranger the Hub does not tell a missing repository from a private one. */
  | {
      readonly kind: 'not-found'
      readonly what: 'repo' | 'revision' | 'file'
      readonly mayBePrivate: boolean
    }
  /** The token is wrong, has expired or may not do this. */
  | { readonly kind: 'unauthorized'; readonly status: 401 | 403 }
  /** The terms have to be accepted at `termsUrl`, and a token has to show who did. */
  | { readonly kind: 'gated'; readonly termsUrl: string; readonly hadToken: boolean }
  /** `retryAfterMs` is null when the host does not say, or lets no page read it. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number | null }
  | { readonly kind: 'server'; readonly status: number; readonly detail: string }
  | { readonly kind: 'bad-response'; readonly detail: string }
  /** The host sends whole files only. */
  | { readonly kind: 'range-unsupported' }
  | { readonly kind: 'aborted' }

/** What was asked, to tell what a refusal means. */
export type HubRequest = {
  readonly url: string
  /** `owner/name`; null for a search. */
  readonly repo: string | null
  readonly baseUrl: string
  readonly hadToken: boolean
  readonly timeoutMs: number
}

/** How the browser asks whether there is a network at all; `true` says little, `false` is certain. */
export type IsOnline = () => boolean

/**
 * What an answer other than 2xx means.
 *
 * The Hub tells the reason in `X-Error-Code` (`GatedRepo`, `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`), which
 * pages may read; the status alone misleads, as 401 for a repository that does not exist.
 * https://huggingface.co/docs/huggingface_hub/package_reference/utilities#http-errors
 */
export function responseError(response: Response, request: HubRequest): HubError {
  const { status, headers } = response
  const code = headers.get('x-error-code')
  const { repo, baseUrl, hadToken } = request
  if (code === 'GatedRepo') {
    return { kind: 'gated', termsUrl: `${baseUrl}/${repo ?? ''}`, hadToken }
  }
  if (status === 401 && repo !== null && !hadToken) {
    return { kind: 'not-found', what: 'repo', mayBePrivate: true }
  }
  if (status === 401 || status === 403) return { kind: 'unauthorized', status }
  if (status === 404) return { kind: 'not-found', what: whatIsMissing(code), mayBePrivate: false }
  if (status === 429)
    return { kind: 'rate-limited', retryAfterMs: retryAfterMs(headers, Date.now()) }
  const detail = headers.get('x-error-message') ?? response.statusText
  return { kind: 'server', status, detail }
}

function whatIsMissing(code: string | null): 'repo' | 'revision' | 'file' {
  if (code === 'RevisionNotFound') return 'revision'
  return code === 'EntryNotFound' ? 'file' : 'repo'
}

/** What a rejected `fetch`, or a body that broke off, means. */
export function fetchError(
  cause: unknown,
  { url, timeoutMs }: Pick<HubRequest, 'url' | 'timeoutMs'>,
  { signal, isOnline }: { readonly signal: AbortSignal; readonly isOnline: IsOnline },
): HubError {
  if (signal.aborted) return { kind: 'aborted' }
  const { host } = new URL(url)
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return { kind: 'timeout', host, timeoutMs }
  }
  if (!isOnline()) return { kind: 'offline' }
  return { kind: 'network', host, detail: cause instanceof Error ? cause.message : String(cause) }
}

/**
 * How long to wait after a 429: `Retry-After` in seconds or as a date, else the `t` of `RateLimit: "api";r=0;t=55`.
 * https://huggingface.co/docs/hub/rate-limits
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | null {
  const after = headers.get('retry-after')
  if (after !== null) {
    const ms = /^\d+$/.test(after.trim()) ? Number(after) * 1000 : Date.parse(after) - nowMs
    if (Number.isFinite(ms)) return Math.max(0, ms)
  }
  const seconds = [...(headers.get('ratelimit') ?? '').matchAll(/;\s*t=(\d+)/g)].map(([, t]) =>
    Number(t),
  )
  return seconds.length > 0 ? Math.max(...seconds) * 1000 : null
}

export type ByteRange = {
  readonly start: number
  /** Exclusive. */
  readonly end: number
  /** Of the whole file, as the Hub's list has it. */
  readonly sizeBytes: number
}

/**
 * Checks that an answer to `Range: bytes=start-(end-1)` is just that part of just that file; null when it is.
 *
 * `Content-Range` cannot be read where a mirror does not expose it; then 206 has to do.
 */
export function rangeError(response: Response, range: ByteRange): HubError | null {
  if (response.status === 416) {
    return { kind: 'bad-response', detail: 'the file is shorter than the list of files says' }
  }
  if (response.status !== 206) return { kind: 'range-unsupported' }
  const sent = response.headers.get('content-range')
  if (sent === null) return null
  const [, start, last, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(sent) ?? []
  const isAsked = Number(start) === range.start && Number(last) === range.end - 1
  const isSameFile = size === '*' || Number(size) === range.sizeBytes
  if (isAsked && isSameFile) return null
  const asked = `bytes ${range.start}-${range.end - 1}/${range.sizeBytes}`
  return { kind: 'bad-response', detail: `asked for ${asked}, got ${sent}` }
}
