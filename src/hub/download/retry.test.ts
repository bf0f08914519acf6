import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { DownloadError } from '../download-state.ts'
import { decideRetry } from './retry.ts'

const policy = { backoffMs: 500, maxAttempts: 10, random: () => 0.999 }
const NETWORK: DownloadError = { kind: 'network', host: 'hub.test', detail: '' }

describe('decideRetry', () => {
  it('waits twice as long after each failure, at most half a minute, with jitter', () => {
    const delays = [1, 2, 3, 7, 9].map((failures) => decideRetry(NETWORK, failures, policy))
    expect(delays.map((one) => one.type === 'after' && Math.round(one.delayMs / 100))).toEqual([
      5, 10, 20, 300, 300,
    ])
    const early = decideRetry(NETWORK, 3, { ...policy, random: () => 0 })
    expect(early).toEqual({ type: 'after', delayMs: 1000 })
  })

  it('gives up in the end', () => {
    expect(decideRetry(NETWORK, 10, policy)).toEqual({ type: 'give-up' })
  })

  it('waits for the network without counting', () => {
    expect(decideRetry({ kind: 'offline' }, 1000, policy)).toEqual({ type: 'when-online' })
  })

  it('waits at least as long as the server asks for', () => {
    fc.assert(
      fc.property(
        fc.nat(900_000),
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (retryAfterMs, failures, random) => {
          const decision = decideRetry({ kind: 'rate-limited', retryAfterMs }, failures, {
            ...policy,
            random: () => random,
          })
          expect(decision.type === 'after' && decision.delayMs >= retryAfterMs).toBe(true)
        },
      ),
    )
  })

  it.each([
    [{ kind: 'server', status: 500, detail: '' }, 'after'],
    [{ kind: 'server', status: 503, detail: '' }, 'after'],
    [{ kind: 'server', status: 408, detail: '' }, 'after'],
    [{ kind: 'server', status: 501, detail: '' }, 'give-up'],
    [{ kind: 'server', status: 418, detail: '' }, 'give-up'],
    [{ kind: 'stalled', path: 'x', stallMs: 1 }, 'after'],
    [{ kind: 'rate-limited', retryAfterMs: 3_600_000 }, 'give-up'],
    [{ kind: 'gated', termsUrl: '', hadToken: false }, 'give-up'],
    [{ kind: 'unauthorized', status: 401 }, 'give-up'],
    [{ kind: 'not-found', what: 'file', mayBePrivate: false }, 'give-up'],
    [{ kind: 'changed-on-hub', path: 'x', what: 'size', expected: '1', actual: '2' }, 'give-up'],
    [{ kind: 'range-refused', path: 'x' }, 'give-up'],
  ] as const)('%j: %s', (error, type) => {
    expect(decideRetry(error, 1, policy).type).toBe(type)
  })

  it('tries an answer that makes no sense only a few times', () => {
    const error = { kind: 'bad-response', detail: '' } as const
    expect(decideRetry(error, 2, policy).type).toBe('after')
    expect(decideRetry(error, 3, policy).type).toBe('give-up')
  })
})
