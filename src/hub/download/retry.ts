import type { DownloadError } from '../download-state.ts'

/** What to do after an attempt failed. */
export type RetryDecision =
  | { readonly type: 'give-up' }
  /** Until the browser says that there is a network. */
  | { readonly type: 'when-online' }
  | { readonly type: 'after'; readonly delayMs: number }

export type RetryPolicy = {
  readonly backoffMs: number
  readonly maxAttempts: number
  /** From 0 to below 1. */
  readonly random: () => number
}

const MAX_BACKOFF_MS = 30_000
/** The Hub counts in windows of five minutes; a host that asks for more than three of them is not waited for. */
const MAX_RETRY_AFTER_MS = 900_000
/** An answer that is not the one to our question may be a proxy's hiccup, but not ten times. */
const MAX_BAD_RESPONSES = 3

/**
 * Whether and when to try again, after `failures` attempts in a row without a byte of progress (at least 1).
 *
 * Exponential, with full jitter: ranges that broke together must not come back together.
 */
export function decideRetry(
  error: DownloadError,
  failures: number,
  { backoffMs, maxAttempts, random }: RetryPolicy,
): RetryDecision {
  const most = Math.min(MAX_BACKOFF_MS, backoffMs * 2 ** (failures - 1))
  const backoff = { type: 'after', delayMs: Math.round(most * (0.5 + random() / 2)) } as const
  switch (error.kind) {
    case 'offline':
      return { type: 'when-online' }
    case 'rate-limited': {
      if (failures >= maxAttempts) return { type: 'give-up' }
      const asked = error.retryAfterMs
      if (asked === null) return backoff
      if (asked > MAX_RETRY_AFTER_MS) return { type: 'give-up' }
      return { type: 'after', delayMs: asked + Math.round(backoffMs * random()) }
    }
    case 'network':
    case 'timeout':
    case 'stalled':
      return failures >= maxAttempts ? { type: 'give-up' } : backoff
    case 'server':
      return isPassing(error.status) && failures < maxAttempts ? backoff : { type: 'give-up' }
    case 'bad-response':
      return failures < Math.min(maxAttempts, MAX_BAD_RESPONSES) ? backoff : { type: 'give-up' }
    default:
      return { type: 'give-up' }
  }
}

/** 408 is a request that took too long; of the others, all but "not implemented" may pass. */
function isPassing(status: number): boolean {
  return status === 408 || (status >= 500 && status !== 501)
}
