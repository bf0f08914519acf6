import type { Result } from '../core/lib/result.ts'
import type { ChatEvent, ChatRequest } from './chat.ts'
import type {
  Engine,
  EngineError,
  EngineEvent,
  GenerateRequest,
  LoadProgress,
  LoadRequest,
  Warmth,
} from './engine.ts'

/** What crosses from the page to the engine's worker. An answer carries the id of what it answers. */
export type ToWorker =
  | { readonly type: 'load'; readonly id: number; readonly request: LoadRequest }
  | { readonly type: 'generate'; readonly id: number; readonly request: GenerateRequest }
  | { readonly type: 'chat'; readonly id: number; readonly request: ChatRequest }
  | { readonly type: 'count-tokens'; readonly id: number; readonly text: string }
  | { readonly type: 'warm'; readonly id: number; readonly prompt: string }
  /** Stops the load, stream, count or warm-up of this id. */
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'unload'; readonly id: number }

export type FromWorker =
  | { readonly type: 'load-progress'; readonly id: number; readonly progress: LoadProgress }
  | {
      readonly type: 'loaded'
      readonly id: number
      readonly result: Result<LoadedEngine, EngineError>
    }
  /** In order; the last ones of a stream end with its terminal event. */
  | { readonly type: 'events'; readonly id: number; readonly events: readonly EngineEvent[] }
  | { readonly type: 'chat-events'; readonly id: number; readonly events: readonly ChatEvent[] }
  | { readonly type: 'counted'; readonly id: number; readonly result: Result<number, EngineError> }
  | { readonly type: 'warmed'; readonly id: number; readonly result: Result<Warmth, EngineError> }
  | { readonly type: 'unloaded'; readonly id: number }

export type LoadedEngine = Pick<Engine, 'info' | 'capabilities'>

/** What both halves need of a `Worker`, a worker's global scope or a `MessagePort`. */
export type EnginePort = {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

/** Loads a model; the worker half is generic over it. */
export type LoadEngine = (
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
) => Promise<Result<Engine, EngineError>>

const TO_WORKER: ReadonlySet<string> = new Set<ToWorker['type']>([
  'load',
  'generate',
  'chat',
  'count-tokens',
  'warm',
  'abort',
  'unload',
])
const FROM_WORKER: ReadonlySet<string> = new Set<FromWorker['type']>([
  'load-progress',
  'loaded',
  'events',
  'chat-events',
  'counted',
  'warmed',
  'unloaded',
])

/** Both halves are of one build, so the tag is all that is checked: it keeps out what others post, such as browser extensions. */
export function isToWorker(message: unknown): message is ToWorker {
  return hasTag(message, TO_WORKER)
}

export function isFromWorker(message: unknown): message is FromWorker {
  return hasTag(message, FROM_WORKER)
}

export type TerminalEvent = Extract<EngineEvent, { readonly type: 'end' | 'error' }>

export function isTerminal(event: EngineEvent | ChatEvent): event is TerminalEvent {
  return event.type === 'end' || event.type === 'error'
}

/** What comes with every token. */
export function isPiece({ type }: EngineEvent | ChatEvent): boolean {
  return type === 'token' || type === 'text' || type === 'reasoning' || type === 'call-part'
}

function hasTag(message: unknown, tags: ReadonlySet<string>): boolean {
  if (typeof message !== 'object' || message === null) return false
  if (!('type' in message) || !('id' in message)) return false
  return (
    typeof message.type === 'string' && tags.has(message.type) && typeof message.id === 'number'
  )
}
