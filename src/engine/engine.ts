import type { Result } from '../core/lib/result.ts'
import type { CacheType, KvCacheShape } from '../core/gguf/kv-cache.ts'
import type { ModelFiles } from '../core/gguf/model-files.ts'
import type { YarnScaling } from '../core/gguf/yarn.ts'
import type { MlcModel, MlcModelFacts } from '../core/mlc/mlc-model.ts'
import type { Timings, Usage } from '../core/chat/message.ts'
import type { TokenInfo } from '../core/chat/token-info.ts'
import type { Capabilities } from './capabilities.ts'
import type { ChatEvent, ChatRequest } from './chat.ts'
import type { Endpoint, EndpointFailure, ServerKind } from './endpoint.ts'
import type { GpuFailure, SelfTest, SelfTestReference } from './self-test.ts'

/**
 * The contract: an engine takes text and gives tokens. It knows nothing of messages, tools or formats.
 *
 * One request is in flight per engine; further ones wait in line.
 */
export type Engine = {
  readonly info: EngineInfo
  readonly capabilities: Capabilities
  /** Streams the completion of `request.prompt`. Never throws; ends in exactly one `end` or `error`. Leaving the loop early aborts. */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<EngineEvent>
  /**
   * Reads `prompt` into the prefix cache ahead of its request, so that sending computes only what is new. Resolves when it is
   * there, or at once where the engine keeps no prefix. A request that comes meanwhile is the caller's reason to abort.
   */
  warm(prompt: string, signal: AbortSignal): Promise<Result<Warmth, EngineError>>
  /** The engine's own tool calling, where it has some: see `Capabilities.chat`. Ends and aborts like `generate`. */
  chat?(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>
  /** Counts tokens as the engine does. */
  countTokens(text: string, signal: AbortSignal): Promise<Result<number, EngineError>>
  /** Ends every running stream with an event, then frees the model. Never hangs. */
  unload(): Promise<void>
}

export type EngineName = 'wllama' | 'webllm' | 'remote'

/** Tokens of a warmed prompt: all of them, and those that were there already. */
export type Warmth = { readonly promptTokens: number; readonly cachedTokens: number }

export type EngineInfo = {
  readonly engine: EngineName
  readonly modelName: string
  readonly backend: Backend
  /** Tokens that fit, prompt and answer together, as loaded; 0 where a server does not tell. */
  readonly contextLength: number
  /** Tokens the model was trained on: the most that `contextLength` may be, unless YaRN stretches it (`contextLimit`). */
  readonly trainedContextLength: number
  /** As loaded. */
  readonly yarn: YarnScaling | null
  readonly cacheType: CacheType
  /** What the context costs, and which cache types the model can have. */
  readonly cacheShape: KvCacheShape
  /** The Jinja source in the model file, or null. */
  readonly chatTemplate: string | null
  /** Texts of the special tokens, '' when the model has none. */
  readonly bosToken: string
  readonly eosToken: string
  /** The engine adds BOS itself, so the prompt must not begin with it: the engine strips one. */
  readonly addsBos: boolean
  readonly sizeBytes: number
  readonly architecture: string
  /** Computed for this load's self-test: to be kept and given with the next load (`WllamaLoadRequest.references`). */
  readonly selfTestReference?: SelfTestReference
  /** Why it is not on the GPU: to be kept and given with the next load (`WllamaLoadRequest.gpuFailures`), or to be forgotten. */
  readonly gpuFailure?: GpuFailure
}

/** What really computes, known after the load. */
export type Backend =
  | {
      readonly type: 'cpu'
      readonly threads: number
      readonly why: string
      readonly threadsWhy?: string
      /** The one that the GPU failed. */
      readonly selfTest?: SelfTest
    }
  | {
      readonly type: 'webgpu'
      readonly adapter: string
      readonly layers: number
      readonly totalLayers: number
      /** The engine's own log: where it put the layers. */
      readonly evidence?: readonly string[]
      readonly selfTest?: SelfTest
    }
  /** A server that the user named. */
  | {
      readonly type: 'server'
      readonly server: ServerKind
      readonly host: string
      readonly mode: Endpoint['mode']
    }

export type SamplingParams = {
  readonly temperature: number
  readonly topP: number
  /** 0 switches it off. */
  readonly topK: number
  readonly minP: number
  /** 1 switches it off. */
  readonly repeatPenalty: number
  /** null: a new one each time. */
  readonly seed: number | null
  readonly maxTokens: number
}

export type GenerateRequest = {
  readonly prompt: string
  readonly sampling: SamplingParams
  /** Texts that end the answer besides the model's own end-of-turn tokens. */
  readonly stop: readonly string[]
  /** Control tokens to print instead of hide, such as `<|python_tag|>`. */
  readonly showControlTokens: readonly string[]
  /** What the answer may be; null: anything. */
  readonly constraint: Constraint | null
  /** How many alternatives to tell with each token, itself included; 0: no `tokens` in the events. */
  readonly alternatives: number
}

/**
 * A grammar that the whole answer keeps to, in llama.cpp's GBNF with the root rule `root`. The builder keeps to the part that xgrammar
 * (WebLLM, vLLM) reads the same way.
 */
export type Constraint = {
  readonly type: 'grammar'
  readonly gbnf: string
  /**
   * The same answers in another form, for engines that look for markers themselves: free text up to `trigger`, and from behind it on
   * `gbnf` to the end. Null: only the whole grammar says it.
   */
  readonly triggered?: { readonly trigger: string; readonly gbnf: string } | null
}

export type EngineEvent =
  /** Prompt tokens read so far; `cached` of them were there from an earlier request. */
  | {
      readonly type: 'prefill'
      readonly done: number
      readonly total: number
      readonly cached: number
    }
  /** `tokens` only when alternatives were asked for; their texts joined are `text`, unless a character spans several tokens. */
  | { readonly type: 'token'; readonly text: string; readonly tokens?: readonly TokenInfo[] }
  | {
      readonly type: 'end'
      readonly reason: 'stop' | 'length' | 'context' | 'abort'
      readonly usage: Usage
      readonly timings: Timings
    }
  | { readonly type: 'error'; readonly error: EngineError }

export type EngineError =
  | {
      readonly kind: 'context-exceeded'
      readonly promptTokens: number
      readonly contextLength: number
    }
  /** The grammar cannot be read, or no token of the model can go on with it. */
  | { readonly kind: 'bad-constraint'; readonly detail: string }
  | { readonly kind: 'out-of-memory'; readonly neededBytes: number | null }
  | { readonly kind: 'device-lost'; readonly detail: string }
  /** A shader that the driver cannot compile, or a command that it refuses. */
  | { readonly kind: 'gpu-failed'; readonly detail: string }
  | { readonly kind: 'corrupt-model'; readonly detail: string }
  | { readonly kind: 'unsupported'; readonly detail: string }
  | { readonly kind: 'network'; readonly detail: string }
  /** The worker died or the engine was unloaded under the request. */
  | { readonly kind: 'crashed'; readonly detail: string }
  /** A server did not do what it was asked. */
  | { readonly kind: 'endpoint'; readonly failure: EndpointFailure }
  /** The load was cancelled. */
  | { readonly kind: 'aborted' }

/** How a model is to be loaded. */
export type LoadOptions = {
  readonly contextLength: number
  /** null: the engine decides. */
  readonly threads: number | null
  /** null: all that fit; 0: CPU only. */
  readonly gpuLayers: number | null
  /** For keys and values. Another type than `f16` costs some precision and needs flash attention, which it switches on. */
  readonly cacheType: CacheType
  /** null: positions as trained. It stretches all of them, so it changes short prompts too. */
  readonly yarn: YarnScaling | null
}

/** A model to load, by the engine that is to run it. */
export type LoadRequest = WllamaLoadRequest | WebllmLoadRequest | RemoteLoadRequest

export type WllamaLoadRequest = {
  readonly engine: 'wllama'
  readonly files: ModelFiles
  readonly options: LoadOptions
  /** What earlier loads computed on the CPU (`EngineInfo.selfTestReference`), of whatever models. */
  readonly references?: readonly SelfTestReference[]
  /** GPUs that computed wrong numbers (`EngineInfo.gpuFailure`), for whatever models. */
  readonly gpuFailures?: readonly GpuFailure[]
}

/** Its files are in the browser's cache already, where WebLLM looks for them. */
export type WebllmLoadRequest = {
  readonly engine: 'webllm'
  readonly model: MlcModel & MlcModelFacts
  /** The context length alone counts. */
  readonly options: LoadOptions
}

/** Nothing is loaded: the server is asked whether it is there and has the model. */
export type RemoteLoadRequest = {
  readonly engine: 'remote'
  readonly endpoint: Endpoint
  /** Null: the server's own, where it tells it. */
  readonly template: {
    readonly chatTemplate: string
    readonly bosToken: string
    readonly eosToken: string
  } | null
}

export type LoadProgress =
  /** Fetching and compiling the engine itself. */
  | { readonly phase: 'engine' }
  /** Fetching weights that were not in the cache after all. */
  | { readonly phase: 'download'; readonly doneBytes: number; readonly totalBytes: number }
  /** Reading the weights. */
  | { readonly phase: 'weights'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly phase: 'warm-up' }
  /** Computing on the CPU what a GPU will be held to: once for a model. */
  | { readonly phase: 'reference'; readonly doneBytes: number; readonly totalBytes: number }
  /** Comparing the GPU's numbers. */
  | { readonly phase: 'self-test'; readonly done: number; readonly total: number }
