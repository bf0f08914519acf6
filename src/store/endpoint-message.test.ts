import { describe, expect, it } from 'vitest'
import type { EndpointFailure, EndpointProblem, ServerKind } from '../engine/endpoint.ts'
import { endpointMessage } from './endpoint-message.ts'

const failureOf = (problem: EndpointProblem, server: ServerKind = 'vllm'): EndpointFailure => ({
  host: 'gpu:8000',
  server,
  ...problem,
})

describe('the message of a server that did not do what it was asked', () => {
  it.each([
    [{ type: 'mixed-content' }, /https, so the browser lets it ask no http host such as gpu:8000/],
    [{ type: 'offline' }, /offline/],
    [{ type: 'unauthorized', status: 401, hadKey: false }, /gpu:8000 wants a key \(401\)/],
    [{ type: 'unauthorized', status: 403, hadKey: true }, /does not accept the key \(403\)/],
    [{ type: 'no-such-model', model: 'xlam' }, /gpu:8000 does not have the model xlam/],
    [{ type: 'no-such-path', path: '/completions' }, /has no \/completions .* \(404\)/],
    [{ type: 'rate-limited', retryAfterSeconds: null }, /\(429\).*Wait a little/],
    [{ type: 'rate-limited', retryAfterSeconds: 7 }, /asks to wait 7 seconds/],
    [{ type: 'timeout', seconds: 60 }, /said nothing for 60 seconds/],
    [{ type: 'cut-off', detail: '' }, /broke before the answer was over.*answer again\.$/],
    [{ type: 'refused', status: 500, detail: 'boom' }, /\(500\).*log of the server\. \(boom\)$/],
    [{ type: 'refused', status: 400, detail: '' }, /\(400\).*option that was sent/],
    [{ type: 'failed-midway', detail: 'dead' }, /in the middle of the answer.*\(dead\)$/],
    [{ type: 'not-openai', detail: '' }, /does not speak the OpenAI API/],
  ] as const)('%j', (problem, words) => {
    const { title, advice } = endpointMessage(failureOf(problem))
    expect(`${title} ${advice}`).toMatch(words)
  })

  it.each([
    ['vllm', `--allowed-origins '["https://page"]'`],
    ['ollama', 'OLLAMA_ORIGINS=https://page'],
    ['lm-studio', 'Enable CORS'],
    ['llama-server', 'a proxy in between'],
  ] as const)('names the flag of %s for CORS, and no other', (server, flag) => {
    const cors = { type: 'cors', isCertain: true, origin: 'https://page' } as const
    const { title, advice } = endpointMessage(failureOf(cors, server))
    expect(title).toBe('gpu:8000 is there, but does not let this page read its answers (CORS)')
    expect(advice).toContain(flag)
    const flags = ['--allowed-origins', 'OLLAMA_ORIGINS', 'Enable CORS', 'a proxy in between']
    expect(flags.filter((one) => advice.includes(one))).toHaveLength(1)
  })

  it('says of a server that may not be there at all what else it may be', () => {
    const cors = { type: 'cors', isCertain: false, origin: 'https://page' } as const
    const { title, advice } = endpointMessage(failureOf(cors, 'other'))
    expect(title).toBe('gpu:8000 gave no answer that this page may read')
    expect(advice).toMatch(/^It may not be running.*vLLM.*Ollama.*LM Studio.*llama-server/)
  })
})
