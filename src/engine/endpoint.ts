/** Software behind an OpenAI-compatible API, as far as it matters which one it is. */
export type ServerKind = 'vllm' | 'llama-server' | 'ollama' | 'lm-studio' | 'other'

export type Endpoint = {
  /** With the version, without a slash at the end: `http://localhost:8000/v1`. */
  readonly baseUrl: string
  readonly model: string
  /**
   * `raw`: `/completions` with our prompt, read by our parser. `chat`: `/chat/completions` with the tools as data; template
   * and parser are the server's.
   */
  readonly mode: 'raw' | 'chat'
  readonly key: string | null
}

/** A model that a server offers. */
export type ServedModel = {
  readonly id: string
  /** Null where the server does not tell. */
  readonly contextLength: number | null
}

/** What a server says of itself. */
export type ServerFacts = {
  readonly server: ServerKind
  readonly models: readonly ServedModel[]
  /** Of llama-server alone, which has one model and tells its template. */
  readonly template: {
    readonly chatTemplate: string
    readonly bosToken: string
    readonly eosToken: string
  } | null
}

/** Why a server did not do what it was asked. `host` is what the user knows it by. */
export type EndpointFailure = {
  readonly host: string
  readonly server: ServerKind
} & EndpointProblem

export type EndpointProblem =
  /** The server is there, but does not let this page read its answers; or, when `isCertain` is not set, it is not there. */
  | { readonly type: 'cors'; readonly isCertain: boolean; readonly origin: string }
  /** The page came by https, so the browser asks no http host. */
  | { readonly type: 'mixed-content' }
  | { readonly type: 'offline' }
  | { readonly type: 'unauthorized'; readonly status: number; readonly hadKey: boolean }
  | { readonly type: 'no-such-model'; readonly model: string }
  /** The address exists, and there is no such API. */
  | { readonly type: 'no-such-path'; readonly path: string }
  | { readonly type: 'rate-limited'; readonly retryAfterSeconds: number | null }
  | { readonly type: 'timeout'; readonly seconds: number }
  /** The connection ended before the answer did. */
  | { readonly type: 'cut-off'; readonly detail: string }
  | { readonly type: 'refused'; readonly status: number; readonly detail: string }
  /** In the middle of an answer, by the server's own words. */
  | { readonly type: 'failed-midway'; readonly detail: string }
  | { readonly type: 'not-openai'; readonly detail: string }
