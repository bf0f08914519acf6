import { err, ok, type Result } from '../../core/lib/result.ts'
import type { DownloadError, RequestedFile } from '../download-state.ts'
import { responseError } from '../hub-error.ts'

export type SourceDeps = {
  readonly repo: string
  /** The value of the Authorization header, for the Hub's own host only. */
  readonly authorization: (url: string) => string | null
  readonly isOnline: () => boolean
  /** The ETag that a host answered with before, null for none; `pin` keeps the first. */
  readonly etags: {
    readonly of: (host: string) => string | null
    readonly pin: (host: string, etag: string) => void
  }
}

/** An answer whose body is what was asked for; `isWhole` when the server does not know ranges and sends everything. */
export type OpenRange = { readonly response: Response; readonly isWhole: boolean }

export type FileSource = {
  /** `end` is exclusive. Throws only when `signal` is aborted. */
  open(
    range: { readonly start: number; readonly end: number },
    signal: AbortSignal,
  ): Promise<Result<OpenRange, DownloadError>>
  /** Forgets the address of the bytes: after a broken connection the Hub may name a better one. */
  forgetLink(): void
}

/** Statuses with which a signed link says that it is over. */
const LINK_IS_OVER: ReadonlySet<number> = new Set([400, 401, 403, 404, 410])

/**
 * Asks for parts of one file and holds each answer to what is known of it: size, ETag, range.
 *
 * The Hub redirects to a signed link on another host. It is kept, since asking the Hub for every piece would use up its
 * rate limit, until that host refuses it: such links expire. `Range` in its plain form is the only header sent there,
 * as any other would need a preflight.
 */
export function createFileSource(file: RequestedFile, deps: SourceDeps): FileSource {
  const hubOrigin = new URL(file.url).origin
  let link: string | null = null
  /** The Hub itself sends the bytes. */
  let isDirect = false
  let asking: Promise<unknown> | null = null

  /** One request at a time asks the Hub while the link is unknown; the others wait for what it learns. */
  async function request(range: string, signal: AbortSignal): Promise<[Response, boolean]> {
    while (link === null && !isDirect && asking !== null) await asking
    if (link !== null) {
      const kept = link
      return [await send(kept, { Range: range }, signal), true]
    }
    const token = deps.authorization(file.url)
    const headers = { Range: range, ...(token !== null && { Authorization: token }) }
    const answer = send(file.url, headers, signal)
    if (!isDirect) {
      const settled: Promise<unknown> = answer.then(
        () => null,
        () => null,
      )
      asking = settled
      void settled.then(() => {
        if (asking === settled) asking = null
      })
    }
    const response = await answer
    if (!response.ok) return [response, false]
    isDirect = new URL(response.url).origin === hubOrigin
    link = isDirect ? null : response.url
    return [response, false]
  }

  return {
    forgetLink() {
      link = null
    },
    async open({ start, end }, signal) {
      for (let hasAskedAgain = false; ; hasAskedAgain = true) {
        const used = link
        try {
          const [response, wasLink] = await request(`bytes=${start}-${end - 1}`, signal)
          if (wasLink && !hasAskedAgain && LINK_IS_OVER.has(response.status)) {
            if (link === used) link = null
            await response.body?.cancel()
            continue
          }
          const checked = check(response, { file, start, end }, deps)
          if (!checked.ok) await response.body?.cancel()
          return checked
        } catch (cause) {
          signal.throwIfAborted()
          link = null
          return err(networkError(cause, used ?? file.url, deps.isOnline))
        }
      }
    },
  }
}

export function networkError(cause: unknown, url: string, isOnline: () => boolean): DownloadError {
  if (!isOnline()) return { kind: 'offline' }
  const detail = cause instanceof Error ? cause.message : String(cause)
  return { kind: 'network', host: new URL(url).host, detail }
}

function send(url: string, headers: Record<string, string>, signal: AbortSignal) {
  return fetch(url, {
    headers,
    signal,
    mode: 'cors',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    // The browser's cache would write every byte to the disk a second time.
    cache: 'no-store',
  })
}

type Asked = { readonly file: RequestedFile; readonly start: number; readonly end: number }

function check(
  response: Response,
  asked: Asked,
  deps: SourceDeps,
): Result<OpenRange, DownloadError> {
  const { file } = asked
  const { status, headers } = response
  const [, first, last, total] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? []
  if (total !== undefined && total !== '*' && Number(total) !== file.sizeBytes) {
    return err(changed(file, 'size', { actual: total }))
  }
  if (status === 416) return err({ kind: 'range-refused', path: file.path })
  if (!response.ok) return err(refusal(response, file, deps))
  const isWhole = status === 200
  const length = headers.get('content-length')
  // Encoded, the length is that of other bytes.
  const sentBytes = length === null || headers.has('content-encoding') ? null : Number(length)
  if (isWhole) {
    if (sentBytes !== null && sentBytes !== file.sizeBytes) {
      return err(changed(file, 'size', { actual: String(sentBytes) }))
    }
  } else if (status !== 206) {
    return err({ kind: 'bad-response', detail: `status ${status} for a part of ${file.path}` })
  } else if (
    // Where a mirror does not expose Content-Range, the length must do.
    first === undefined
      ? sentBytes !== null && sentBytes !== asked.end - asked.start
      : Number(first) !== asked.start || Number(last) !== asked.end - 1
  ) {
    const got = headers.get('content-range') ?? `${sentBytes} bytes`
    const detail = `asked for bytes ${asked.start}-${asked.end - 1} of ${file.path}, got ${got}`
    return err({ kind: 'bad-response', detail })
  }
  const problem = checkEtag(response, file, deps.etags)
  return problem ? err(problem) : ok({ response, isWhole })
}

/** Pinned for each host: the Hub and the hosts of its bytes have ETags of their own. */
function checkEtag(
  { url, headers }: Response,
  file: RequestedFile,
  etags: SourceDeps['etags'],
): DownloadError | null {
  const etag = headers.get('etag')?.replace(/^W\//, '')
  if (etag === undefined) return null
  const { host } = new URL(url)
  const isHubHost = host === new URL(file.url).host
  const known = etags.of(host) ?? (isHubHost ? file.etag : null)
  if (known === null) etags.pin(host, etag)
  return known === null || unquoted(known) === unquoted(etag)
    ? null
    : changed(file, 'etag', { expected: known, actual: etag })
}

function unquoted(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '')
}

function changed(
  { path, sizeBytes }: RequestedFile,
  what: 'size' | 'etag',
  { expected = String(sizeBytes), actual }: { readonly expected?: string; readonly actual: string },
): DownloadError {
  return { kind: 'changed-on-hub', path, what, expected, actual }
}

function refusal(response: Response, file: RequestedFile, deps: SourceDeps): DownloadError {
  const { host } = new URL(response.url)
  if (host !== new URL(file.url).host && LINK_IS_OVER.has(response.status)) {
    // It knows nothing of tokens and terms: a link that does not work is no word on the rights of the user.
    return { kind: 'bad-response', detail: `${host} answered ${response.status}` }
  }
  const error = responseError(response, {
    url: file.url,
    repo: deps.repo,
    baseUrl: new URL(file.url).origin,
    hadToken: deps.authorization(file.url) !== null,
    timeoutMs: 0,
  })
  if (error.kind === 'aborted' || error.kind === 'range-unsupported') {
    return { kind: 'bad-response', detail: error.kind }
  }
  // Out of breath, but it says for how long.
  const after = response.headers.get('retry-after')
  return response.status === 503 && after !== null && /^\d+$/.test(after)
    ? { kind: 'rate-limited', retryAfterMs: Number(after) * 1000 }
    : error
}
