import type { EngineError } from '../engine.ts'

/** Lines kept: a failing load prints fewer than ten, and `GGML_ASSERT` traces stay below this. */
const KEPT_LINES = 200

type LogLevel = 'debug' | 'log' | 'warn' | 'error'
type Line = { readonly level: LogLevel; readonly text: string }

/**
 * Listens to llama.cpp's log, which is the only place where most of its errors are told: wllama reports them as
 * `RuntimeError: Invalid typed array length`.
 */
export type NativeLog = {
  /** To be given to wllama. */
  readonly logger: Readonly<Record<LogLevel, (...parts: readonly unknown[]) => void>>
  /** Aborts when wllama's own worker died: wllama only logs that, and its promises stay pending. */
  readonly crashed: AbortSignal
  /** Forgets the problems so far, so that the next error is not blamed on an old one. */
  clearProblems(): void
  /** Warnings, errors and untagged lines since then, oldest first. */
  problems(): readonly string[]
  /** The first match among all lines that are still kept. */
  find(pattern: RegExp): RegExpMatchArray | null
}

export function createNativeLog(onLine: (text: string) => void): NativeLog {
  const lines: Line[] = []
  const crash = new AbortController()
  let clearedAt = 0
  let count = 0

  const listen =
    (level: LogLevel) =>
    (...parts: readonly unknown[]) => {
      if (isErrorEvent(parts[0])) crash.abort()
      const text = parts.map(toText).join(' ')
      count += 1
      lines.push({ level, text })
      if (lines.length > KEPT_LINES) lines.shift()
      onLine(text)
    }

  return {
    logger: {
      debug: listen('debug'),
      log: listen('log'),
      warn: listen('warn'),
      error: listen('error'),
    },
    crashed: crash.signal,
    clearProblems() {
      clearedAt = count
    },
    problems() {
      const fresh = Math.min(lines.length, count - clearedAt)
      return lines
        .slice(lines.length - fresh)
        .filter((line) => line.level !== 'debug')
        .map((line) => line.text)
    },
    find(pattern) {
      for (const line of lines) {
        const match = pattern.exec(line.text)
        if (match) return match
      }
      return null
    },
  }
}

function isErrorEvent(value: unknown): boolean {
  return typeof Event !== 'undefined' && value instanceof Event && value.type === 'error'
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return value.message
  if (isErrorEvent(value)) {
    return typeof value === 'object' && value && 'message' in value
      ? String(value.message)
      : 'The worker of wllama failed.'
  }
  return JSON.stringify(value) ?? ''
}

export type Failure = {
  readonly during: 'load' | 'request'
  /** Native lines, oldest first. */
  readonly problems: readonly string[]
  /** What wllama threw, if anything. */
  readonly thrown: unknown
}

type Cause = {
  readonly pattern: RegExp
  readonly toError: (match: RegExpMatchArray, line: string) => EngineError
}

/** Dawn's words, and those of llama.cpp when it hears them. */
const LOST = /\bdevice\b.{0,20}\blost\b|\blost\b.{0,20}\bdevice\b/i

/** Texts of llama.cpp, emscripten and the browser, the telling ones first. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /request \((\d+) tokens\) exceeds the available context size \((\d+) tokens\)/,
    toError: (match) => ({
      kind: 'context-exceeded',
      promptTokens: Number(match[1]),
      contextLength: Number(match[2]),
    }),
  },
  {
    pattern: /failed to (?:parse|initialize) grammar.*|[Uu]nexpected empty grammar stack.*/,
    toError: (match) => ({ kind: 'bad-constraint', detail: match[0] }),
  },
  {
    pattern: LOST,
    toError: (_, line) => ({ kind: 'device-lost', detail: tidy(line) }),
  },
  {
    // The first such line names the size.
    pattern:
      /bad_alloc|out of memory|insufficient memory|(?:failed|unable) to allocate|cannot (?:allocate|enlarge) |allocation failed/i,
    toError: (_, line) => ({ kind: 'out-of-memory', neededBytes: neededBytes(line) }),
  },
  {
    // Dawn's words for a shader, a pipeline or a command that is refused, after "ggml_webgpu: Device error!". Where there is
    // no adapter at all, each load says so, also on the CPU.
    pattern:
      /Device error!.*|error while parsing WGSL.*|\[Invalid \w+.*|ggml_webgpu: (?:failed(?! to get an adapter)|error).*/i,
    toError: (match) => ({ kind: 'gpu-failed', detail: tidy(match[0]) }),
  },
  {
    pattern:
      /unknown model architecture.*|unknown pre-tokenizer type.*|unsupported (?:model|tensor|quantization).*|does not support .*|CompileError.*/i,
    toError: (match) => ({ kind: 'unsupported', detail: match[0] }),
  },
  {
    pattern: /failed to fetch.*|NetworkError.*|(?:async|sync) fetching of the wasm failed/i,
    toError: (match) => ({ kind: 'network', detail: match[0] }),
  },
  {
    pattern:
      /File read failed.*|error loading model: .*|invalid magic characters.*|gguf_init_from.*failed/i,
    toError: (match) => ({
      kind: 'corrupt-model',
      detail: match[0].replace(/^error loading model: /, ''),
    }),
  },
]

/** What went wrong in a request. A device may be lost between two requests, and the next one only finds a dead engine. */
export function requestError(log: NativeLog, thrown: unknown): EngineError {
  const error = engineErrorFrom({ during: 'request', problems: log.problems(), thrown })
  const loss = error.kind === 'crashed' ? log.find(LOST) : null
  return loss ? { kind: 'device-lost', detail: tidy(loss.input ?? '') } : error
}

/** Says what went wrong from what llama.cpp logged and wllama threw. */
export function engineErrorFrom({ during, problems, thrown }: Failure): EngineError {
  const message = thrown === undefined || thrown === null ? [] : [describe(thrown)]
  for (const { pattern, toError } of CAUSES) {
    for (const line of [...problems, ...message]) {
      const match = pattern.exec(line)
      if (match) return toError(match, line)
    }
  }
  const detail = tidy(
    problems.findLast((line) => line.length > 2) ?? message[0] ?? 'no reason given',
  )
  // A load that ends without a word of what is wrong is one that llama.cpp could not make sense of.
  return during === 'load' && thrown === undefined
    ? { kind: 'corrupt-model', detail }
    : { kind: 'crashed', detail }
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

/** llama.cpp prints sizes in bytes, or in MB with decimals. */
function neededBytes(line: string): number | null {
  const bytes = /size (\d+)/.exec(line)?.[1]
  if (bytes !== undefined) return Number(bytes)
  const mebibytes = /([\d.]+) Mi?B/.exec(line)?.[1]
  return mebibytes === undefined ? null : Math.round(Number(mebibytes) * 1024 * 1024)
}

/** Drops the name of the C++ function in front. */
function tidy(line: string): string {
  return line.replace(/^\s*[\w.]+:\s+(?=\S)/, '').trim()
}
