import type { Endpoint, ServerFacts } from '../engine/endpoint.ts'
import type { UserMessage } from './state.ts'

/** A server as it is remembered: without its key. */
export type EndpointSource = {
  readonly type: 'endpoint'
  readonly baseUrl: string
  readonly model: string
  readonly mode: Endpoint['mode']
  /** Where the chat template of raw mode is from. */
  readonly template: TemplateSource
}

export type TemplateSource =
  /** What llama-server tells; else none. */
  | { readonly type: 'server' }
  | { readonly type: 'repo'; readonly repo: string }
  | { readonly type: 'pasted'; readonly text: string }

export type EndpointTest =
  | { readonly type: 'idle' }
  | { readonly type: 'asking'; readonly baseUrl: string }
  | { readonly type: 'failed'; readonly message: UserMessage }
  | { readonly type: 'found'; readonly baseUrl: string; readonly facts: ServerFacts }

/** Servers with an OpenAI-compatible API. */
export type EndpointSlice = {
  /** Newest first. */
  readonly recentEndpoints: readonly EndpointSource[]
  readonly endpointTest: EndpointTest
  /** The host that a key is held for; the key itself is in no state. */
  readonly endpointKeyHost: string | null
  /** Asks a server for its models. A blank key leaves the one that is held for this server. */
  readonly testEndpoint: (address: string, key: string) => Promise<void>
  readonly forgetEndpointKey: () => void
  /** Returns what is wrong, or null when the model has begun to load. */
  readonly connectEndpoint: (source: Omit<EndpointSource, 'type'>) => Promise<UserMessage | null>
  /** The server that did not let this page in without a key, or with the one that it had. */
  readonly keyWantedBy: EndpointSource | null
  /** Connects to that server with a key. Returns what is wrong, or null when the model has begun to load. */
  readonly connectWithKey: (key: string) => Promise<UserMessage | null>
  readonly forgetEndpoint: (source: EndpointSource) => void
}
