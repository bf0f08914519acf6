import type { ModelFiles } from '../../core/gguf/model-files.ts'
import type { TokenAlternative } from '../../core/chat/token-info.ts'
import type { LoadOptions } from '../engine.ts'
import {
  judgeAgainst,
  judgeByItself,
  numbersKey,
  SELF_TEST_ALTERNATIVES,
  SELF_TEST_PROMPTS,
  type SelfTest,
  type SelfTestReference,
  type TopTokens,
} from '../self-test.ts'
import { BARE_REQUEST, completionParams, parseChunk } from './completion.ts'
import type { OpenWllama } from './open-wllama.ts'

/** Tokens that fit the self-test, also where each byte is one. */
export const SELF_TEST_CONTEXT = 512

export type SelfTestTask = {
  readonly opened: OpenWllama
  readonly adapter: string
  readonly reference: SelfTestReference | null
  readonly referenceMs: number | null
  readonly onProgress: (done: number, total: number) => void
}

/** Holds a GPU to the CPU's numbers, or, without those, to sense. What it throws or cannot compute counts as failed. */
export async function runSelfTest(
  { opened, adapter, reference, referenceMs, onProgress }: SelfTestTask,
  signal: AbortSignal,
): Promise<SelfTest> {
  const startedAt = performance.now()
  const measured = await readTopTokens(opened, onProgress, signal)
  const again = reference
    ? []
    : await topTokensAfter(opened, SELF_TEST_PROMPTS.at(-1) ?? '', signal)
  // Places that the CPU could not tell of, because half a character was among its tokens.
  const isTold = (_: unknown, index: number) => (reference?.positions[index] ?? []).length > 0
  const verdict = reference
    ? judgeAgainst(reference.positions.filter(isTold), measured.filter(isTold))
    : judgeByItself(measured, again)
  return {
    ...verdict,
    against: reference ? 'cpu' : 'itself',
    adapter,
    tookMs: performance.now() - startedAt,
    referenceMs,
  }
}

/** The likeliest tokens behind each prompt of the self-test. */
export async function readTopTokens(
  opened: OpenWllama,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<TopTokens> {
  const places: (readonly TokenAlternative[])[] = []
  for (const prompt of SELF_TEST_PROMPTS) {
    onProgress(places.length, SELF_TEST_PROMPTS.length)
    places.push(await topTokensAfter(opened, prompt, signal))
  }
  return places
}

/** None when the engine failed, or half a character was among them. */
async function topTokensAfter(
  { wllama, log }: OpenWllama,
  prompt: string,
  signal: AbortSignal,
): Promise<readonly TokenAlternative[]> {
  let found: readonly TokenAlternative[] = []
  const stopped = AbortSignal.any([signal, log.crashed])
  if (stopped.aborted) return []
  const asked = { ...BARE_REQUEST, alternatives: SELF_TEST_ALTERNATIVES }
  const request = wllama.createCompletion({
    ...completionParams(asked, prompt, 1),
    onData: (raw) => {
      found = parseChunk(raw).tokens[0]?.alternatives ?? found
    },
    abortSignal: stopped,
  })
  await Promise.race([
    request.catch(() => undefined),
    new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve())),
  ])
  return found
}

/** Bytes of a sample, and how many are taken over all of the files. */
const SAMPLE_BYTES = 65_536
const SAMPLES = 16

/** Tells weights, and the options that change their numbers, from others, without reading gigabytes. */
export async function fingerprintOf(
  { shards, sizeBytes }: ModelFiles,
  options: LoadOptions,
): Promise<string> {
  const blobs = shards.filter((shard) => shard instanceof Blob)
  const perShard = Math.max(1, Math.floor(SAMPLES / blobs.length))
  const samples: readonly Blob[] = blobs.flatMap((blob: Blob) =>
    Array.from({ length: perShard }, (_, index) => {
      const start = Math.floor(((blob.size - SAMPLE_BYTES) * index) / Math.max(1, perShard - 1))
      return blob.slice(Math.max(0, start), Math.max(0, start) + SAMPLE_BYTES)
    }),
  )
  const facts = JSON.stringify([sizeBytes, numbersKey(options), SELF_TEST_PROMPTS])
  const bytes = await new Blob([facts, ...samples]).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
