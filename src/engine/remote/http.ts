import { isJsonObject } from '../../core/lib/json.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { EndpointProblem, ServerKind } from '../endpoint.ts'
import type { EngineError } from '../engine.ts'

/** Whom to ask, and how to speak of it. */
export type Server = {
  readonly baseUrl: string
  readonly key: string | null
  readonly kind: ServerKind
  readonly model: string
}

/** A server that has begun to answer may still read a long prompt. */
const HEADERS_TIMEOUT_MS = 120_000

/**
 * Sends one request. An answer that is no success is an error, read from its body.
 *
 * `path` begins with a slash and is under the base URL, or with `..` for the root above `/v1`.
 */
export async function ask(
  server: Server,
  request: { readonly path: string; readonly body?: unknown; readonly timeoutMs?: number },
  signal: AbortSignal,
): Promise<Result<Response, EngineError>> {
  const url = addressOf(server.baseUrl, request.path)
  if (isMixedContent(url)) return err(failure(server, { type: 'mixed-content' }))
  const { timeoutMs = HEADERS_TIMEOUT_MS } = request
  const timeout = new AbortController()
  // Only until the headers are there: the stream has a limit of its own.
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  try {
    const response = await fetch(url, {
      ...(request.body !== undefined && { method: 'POST', body: JSON.stringify(request.body) }),
      headers: headersFor(server, request.body !== undefined),
      signal: AbortSignal.any([signal, timeout.signal]),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
    })
    if (response.ok) return ok(response)
    return err(statusError(server, request.path, { response, text: await response.text() }))
  } catch (cause) {
    if (signal.aborted) return err({ kind: 'aborted' })
    if (timeout.signal.aborted) {
      return err(failure(server, { type: 'timeout', seconds: Math.round(timeoutMs / 1000) }))
    }
    return err(await unreachable(server, url, { cause, signal }))
  } finally {
    clearTimeout(timer)
  }
}

/** The JSON of one answer. */
export async function askJson(
  server: Server,
  request: Parameters<typeof ask>[1],
  signal: AbortSignal,
): Promise<Result<unknown, EngineError>> {
  const answer = await ask(server, request, signal)
  if (!answer.ok) return answer
  try {
    return ok(await answer.value.json())
  } catch (cause) {
    if (signal.aborted) return err({ kind: 'aborted' })
    return err(failure(server, { type: 'not-openai', detail: String(cause) }))
  }
}

export function failure(server: Server, problem: EndpointProblem): EngineError {
  const { host } = new URL(server.baseUrl)
  return { kind: 'endpoint', failure: { host, server: server.kind, ...problem } }
}

export function addressOf(baseUrl: string, path: string): string {
  return path.startsWith('..') ? baseUrl.replace(/\/v\d+$/, '') + path.slice(2) : baseUrl + path
}

function headersFor({ key }: Server, hasBody: boolean): Headers {
  const headers = new Headers()
  if (hasBody) headers.set('Content-Type', 'application/json')
  if (key !== null) headers.set('Authorization', `Bearer ${key}`)
  return headers
}

/** Browsers take this machine for safe, whatever the scheme. */
function isMixedContent(url: string): boolean {
  const page = globalThis.location?.protocol
  const { protocol, hostname } = new URL(url)
  const isThisMachine = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  return page === 'https:' && protocol === 'http:' && !isThisMachine
}

/**
 * What a fetch that fails without a status means: browsers do not tell a server that is not there from one that gives no
 * permission (CORS). A request whose answer cannot be read needs none, so it tells: but a cross-origin isolated page may
 * not make it, so its failure proves nothing there.
 */
async function unreachable(
  server: Server,
  url: string,
  { cause, signal }: { readonly cause: unknown; readonly signal: AbortSignal },
): Promise<EngineError> {
  if (globalThis.navigator?.onLine === false) return failure(server, { type: 'offline' })
  const origin = globalThis.location?.origin
  // Outside a browser nobody asks for permission.
  if (origin === undefined) {
    return failure(server, { type: 'cut-off', detail: cause instanceof Error ? cause.message : '' })
  }
  const isCertain = await fetch(url, { mode: 'no-cors', credentials: 'omit', signal }).then(
    () => true,
    () => false,
  )
  return failure(server, { type: 'cors', isCertain, origin })
}

function statusError(
  server: Server,
  path: string,
  { response, text }: { readonly response: Response; readonly text: string },
): EngineError {
  const { status } = response
  const detail = messageIn(text)
  if (status === 401 || status === 403) {
    return failure(server, { type: 'unauthorized', status, hadKey: server.key !== null })
  }
  if (status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    const retryAfterSeconds = Number.isFinite(seconds) ? seconds : null
    return failure(server, { type: 'rate-limited', retryAfterSeconds })
  }
  if (status === 404 || status === 405) {
    return failure(
      server,
      /model/i.test(detail) && path.includes('completions')
        ? { type: 'no-such-model', model: server.model }
        : { type: 'no-such-path', path },
    )
  }
  return (
    contextError(text) ??
    grammarError(detail) ??
    failure(server, { type: 'refused', status, detail })
  )
}

/** How the servers say that a prompt is too long, each in its own words. */
function contextError(text: string): EngineError | null {
  const number = (...patterns: readonly RegExp[]) => {
    for (const pattern of patterns) {
      const [, digits] = pattern.exec(text) ?? []
      if (digits !== undefined) return Number(digits)
    }
    return null
  }
  const contextLength = number(
    /maximum context length is (\d+)/,
    /maximum model length of (\d+)/,
    /"n_ctx":\s*(\d+)/,
    /available context size \((\d+)/,
  )
  const promptTokens = number(
    /(\d+) input tokens/,
    /\((\d+) in the messages/,
    /prompt \(length (\d+)\)/,
    /"n_prompt_tokens":\s*(\d+)/,
    /request \((\d+) tokens/,
    /requested (\d+) tokens/,
  )
  if (contextLength === null || promptTokens === null) return null
  return { kind: 'context-exceeded', promptTokens, contextLength }
}

function grammarError(detail: string): EngineError | null {
  return /grammar|structured[_ ]outputs?|guided/i.test(detail)
    ? { kind: 'bad-constraint', detail }
    : null
}

const MOST_DETAIL = 400

/** `{"error": {"message"}}`, `{"message"}`, `{"detail"}`, or the text itself. */
export function messageIn(text: string): string {
  try {
    return messageOf(JSON.parse(text)) ?? text.slice(0, MOST_DETAIL)
  } catch {
    return text.slice(0, MOST_DETAIL)
  }
}

export function messageOf(body: unknown): string | null {
  if (typeof body === 'string') return body.slice(0, MOST_DETAIL)
  if (!isJsonObject(body)) return null
  return messageOf(body['error'] ?? body['message'] ?? body['detail'])
}
