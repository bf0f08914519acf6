import { createServer } from 'node:http'
import { bundle } from './bundle.mjs'

/** Of a model that writes fast. */
const TOKEN_MS = 5
const PACED = { tokens: 200, rounds: 5, tokenMs: TOKEN_MS }
const FLAT_OUT = { tokens: 5000, rounds: 9, tokenMs: 0 }
const GOAL = { atMost: 3 }

/**
 * What an engine's adapter costs a token, against the raw stream. Of the remote one: `fetch` and the same library for
 * server-sent events; of wllama and WebLLM: what the package gives, over a model that only waits. Pairs of
 * rounds in the same page, in turn the one and the other first. At a model's rate the limit holds; as fast as the server can
 * is told beside it, as microseconds too: there the adapter's work has nothing to hide behind.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser }) {
  const output = await bundle({
    engine: 'src/engine/remote/remote-engine.ts',
    sse: 'node_modules/eventsource-parser/dist/index.js',
    wllama: 'src/engine/wllama/wllama-engine.ts',
    log: 'src/engine/wllama/native-log.ts',
    webllm: 'src/engine/webllm/webllm-engine.ts',
    request: 'src/engine/webllm/chat-request.ts',
    identity: 'src/engine/webllm/identity-template.ts',
    mlc: 'src/engine/webllm/__fixtures__/scripted-mlc.ts',
  })
  const server = await startServer(output)
  const page = await browser.newPage()
  try {
    await page.goto(server.url)
    await page.evaluate(installPairs)
    const paced = await page.evaluate(measure, PACED)
    const flatOut = await page.evaluate(measure, FLAT_OUT)
    const wllama = await page.evaluate(measureHere, { ...PACED, engine: 'wllama' })
    const webllm = await page.evaluate(measureHere, { ...PACED, engine: 'webllm' })
    return [
      ...[
        { engine: 'wllama', pairs: wllama },
        { engine: 'WebLLM', pairs: webllm },
      ].map(({ engine, pairs }) => ({
        name: `adapter, ${engine}, a token each ${TOKEN_MS} ms`,
        value: percent(pairs),
        unit: '% more',
        goal: GOAL,
      })),
      {
        name: `adapter, remote, a token each ${TOKEN_MS} ms`,
        value: percent(paced),
        unit: '% more',
        goal: GOAL,
      },
      { name: 'adapter, remote, as fast as it can', value: percent(flatOut), unit: '% more' },
      {
        name: 'adapter, remote, as fast as it can',
        value: (median(flatOut.map(({ raw, ours }) => ours - raw)) * 1000) / FLAT_OUT.tokens,
        unit: 'µs/token more',
      },
    ]
  } finally {
    await page.close()
    await server.close()
  }
}

/** @param {readonly { raw: number, ours: number }[]} pairs */
function percent(pairs) {
  return (median(pairs.map(({ raw, ours }) => ours / raw)) - 1) * 100
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

/**
 * Serves the page's modules, and a stream of as many tokens as are asked for, `min_p` as the milliseconds between them.
 *
 * @param {readonly { fileName: string, code?: string }[]} modules
 */
async function startServer(modules) {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1)
    const code = modules.find(({ fileName }) => fileName === path)?.code
    if (path !== 'v1/completions') {
      response.setHeader('Content-Type', code === undefined ? 'text/html' : 'text/javascript')
      response.end(code ?? '<!doctype html>')
      return
    }
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => stream(JSON.parse(body), response))
  })
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(null))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(resolve)
      }),
  }
}

/**
 * @param {{ max_tokens: number, min_p: number }} body
 * @param {import('node:http').ServerResponse} response
 */
function stream({ max_tokens: tokens, min_p: tokenMs }, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const startedAt = performance.now()
  let sent = 0
  next()

  function next() {
    // By the clock, so that a late timer does not add up: both sides wait for the same moments.
    while (sent < tokens && (tokenMs === 0 || performance.now() - startedAt >= sent * tokenMs)) {
      const choice = { index: 0, text: `w${sent++} `, logprobs: null, finish_reason: null }
      const goesOn = response.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`)
      if (!goesOn) return void response.once('drain', next)
    }
    if (sent < tokens) return void setTimeout(next, 1)
    const choice = { index: 0, text: '', logprobs: null, finish_reason: 'stop' }
    response.end(`data: ${JSON.stringify({ choices: [choice] })}\n\ndata: [DONE]\n\n`)
  }
}

/** Runs in the page, for the functions below that do so too: they can reach nothing of this file. */
function installPairs() {
  /** @typedef {() => Promise<number>} Work gives the tokens that it got */
  /** @param {{ raw: Work, ours: Work, tokens: number, rounds: number }} options */
  async function inPairs({ raw, ours, tokens, rounds }) {
    /** @type {{ raw: number, ours: number }[]} */
    const pairs = []
    for (let round = -1; round < rounds; round++) {
      const rawFirst = round % 2 === 0
      const first = await timed(rawFirst ? raw : ours)
      const second = await timed(rawFirst ? ours : raw)
      // The first one only warms up.
      if (round < 0) continue
      pairs.push(rawFirst ? { raw: first, ours: second } : { raw: second, ours: first })
    }
    return pairs

    /** @param {Work} work */
    async function timed(work) {
      const startedAt = performance.now()
      const count = await work()
      if (count !== tokens) throw new Error(`${count} tokens instead of ${tokens}`)
      return performance.now() - startedAt
    }
  }
  Object.assign(window, { inPairs })
}

/**
 * Runs in the page.
 *
 * @param {{ tokens: number, rounds: number, tokenMs: number }} options
 */
async function measure({ tokens, rounds, tokenMs }) {
  const { createRemoteEngine } = await import(`${location.origin}/engine.js`)
  const { createParser } = await import(`${location.origin}/sse.js`)
  const baseUrl = `${location.origin}/v1`
  const engine = createRemoteEngine({
    endpoint: { baseUrl, model: 'm', mode: 'raw', key: null },
    // The kind whose body has `min_p`.
    server: 'lm-studio',
    info: {},
    capabilities: {},
  })
  const { inPairs } = /** @type {any} */ (window)
  /** @type {{ raw: number, ours: number }[]} */
  const pairs = await inPairs({ raw, ours, tokens, rounds })
  return pairs

  async function raw() {
    const body = JSON.stringify({ max_tokens: tokens, min_p: tokenMs })
    const response = await fetch(`${baseUrl}/completions`, { method: 'POST', body })
    let count = 0
    const parser = createParser({
      /** @param {{ data: string }} event */
      onEvent({ data }) {
        if (data !== '[DONE]' && JSON.parse(data).choices[0].text !== '') count += 1
      },
    })
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      const chunk = await reader?.read()
      if (!chunk || chunk.done) return count
      parser.feed(decoder.decode(chunk.value, { stream: true }))
    }
  }

  async function ours() {
    let count = 0
    const request = {
      prompt: 'p',
      sampling: {
        temperature: 0,
        topP: 1,
        topK: 0,
        minP: tokenMs,
        repeatPenalty: 1,
        seed: 1,
        maxTokens: tokens,
      },
      stop: [],
      showControlTokens: [],
      constraint: null,
      alternatives: 0,
    }
    for await (const event of engine.generate(request, new AbortController().signal)) {
      if (event.type === 'token') count += 1
      if (event.type === 'error') throw new Error(JSON.stringify(event.error))
    }
    return count
  }
}

/**
 * Runs in the page: an adapter over a package whose model is a clock. WebLLM's own engine runs over a scripted pipeline; of wllama
 * only the chunks are there.
 *
 * @param {{ tokens: number, rounds: number, tokenMs: number, engine: string }} options
 */
async function measureHere({ tokens, rounds, tokenMs, engine: name }) {
  const load = (/** @type {string} */ file) => import(`${location.origin}/${file}.js`)
  const request = {
    prompt: 'p',
    sampling: {
      temperature: 0,
      topP: 1,
      topK: 0,
      minP: 0,
      repeatPenalty: 1,
      seed: 1,
      maxTokens: tokens,
    },
    stop: [],
    showControlTokens: [],
    constraint: null,
    alternatives: 0,
  }
  const { engine, raw } = name === 'wllama' ? await openWllama() : await openWebllm()
  const { inPairs } = /** @type {any} */ (window)
  /** @type {{ raw: number, ours: number }[]} */
  const pairs = await inPairs({ raw, ours, tokens, rounds })
  return pairs

  async function ours() {
    let count = 0
    for await (const event of engine.generate(request, new AbortController().signal)) {
      if (event.type === 'token') count += 1
      if (event.type === 'error') throw new Error(JSON.stringify(event.error))
    }
    return count
  }

  async function openWllama() {
    const { createWllamaEngine } = await load('wllama')
    const { createNativeLog } = await load('log')
    const wllama = {
      /** @param {{ onData: (chunk: unknown) => void }} options */
      async createCompletion({ onData }) {
        // One after the other: what the adapter does with a token delays the next.
        for (let token = 0; token < tokens; token++) {
          await new Promise((resolve) => {
            setTimeout(resolve, tokenMs)
          })
          const finish_reason = token === tokens - 1 ? 'stop' : null
          onData({ choices: [{ index: 0, text: `w${token} `, finish_reason }] })
        }
      },
      exit: async () => undefined,
    }
    const info = { contextLength: 4096, addsBos: false, bosToken: '', eosToken: '' }
    const engine = createWllamaEngine({
      wllama,
      log: createNativeLog(() => undefined),
      info,
      chat: null,
    })
    const raw = async () => {
      let count = 0
      await wllama.createCompletion({
        onData: () => {
          count += 1
        },
      })
      return count
    }
    return { engine, raw }
  }

  async function openWebllm() {
    const { createWebllmEngine } = await load('webllm')
    const { chatRequest } = await load('request')
    const { identityOptions } = await load('identity')
    const { createScriptedMlc } = await load('mlc')
    const chatConfig = { context_window_size: 4096, conv_template: {} }
    const script = Array.from({ length: tokens }, (_, index) => `w${index} `)
    const { mlc } = createScriptedMlc(
      { script, endless: true, stepMs: tokenMs, chatConfig },
      identityOptions([2], 4096),
    )
    const engine = createWebllmEngine({
      mlc,
      info: {},
      countTokens: async () => 0,
      deviceLost: new AbortController().signal,
    })
    const raw = async () => {
      let count = 0
      for await (const chunk of await mlc.chat.completions.create(chatRequest(request))) {
        if (chunk.choices[0]?.delta.content) count += 1
      }
      return count
    }
    return { engine, raw }
  }
}
