import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startStaticServer } from '../scripts/serve-static.mjs'
import { writeLongAnswerModel } from './scripted-model.mjs'

export const wllamaFolder = fileURLToPath(
  new URL('../node_modules/@wllama/wllama/esm', import.meta.url),
)
// Many short rounds: on a shared machine the speed of one and the same code changes by a fifth within a minute.
const ROUNDS = 30
const TASK_ROUNDS = 10
const MAX_TOKENS = 300
const MESSAGE = 'Weather, please.'

/**
 * Decode speed through the whole app, panes open, against wllama alone with the same model and settings in the same
 * browser; and the longest task of the app's main thread meanwhile.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser, url }) {
  const modelFile = await writeLongAnswerModel()
  const rawHost = await startStaticServer({
    root: wllamaFolder,
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  })
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  try {
    const raw = await openRaw(context, { url: rawHost.url, modelFile })
    const app = await openApp(context, { url, modelFile })
    const prompt = await promptOf(app)
    /** @type {number[]} */ const rawRates = []
    /** @type {number[]} */ const appRates = []
    /** @type {number[]} */ const longestTasks = []
    // By turns, so that whatever else the machine does falls on both. The first of each only warms up.
    await measureRaw(raw, prompt)
    await measureApp(app)
    rawRates.push(await measureRaw(raw, prompt))
    for (let round = 0; round < ROUNDS; round++) {
      appRates.push(await measureApp(app))
      rawRates.push(await measureRaw(raw, prompt))
    }
    for (let round = 0; round < TASK_ROUNDS; round++)
      longestTasks.push(await measureLongestTask(app))
    return [
      { name: 'decode, wllama alone', value: median(rawRates), unit: 'tok/s' },
      { name: 'decode, through the app', value: median(appRates), unit: 'tok/s' },
      {
        name: 'decode, app against wllama alone',
        value: median(appRates.map((rate, index) => rate / meanOfPair(rawRates, index))),
        unit: '×',
        goal: { atLeast: 0.97 },
      },
      {
        name: `longest main-thread task of an answer, median of ${TASK_ROUNDS}`,
        value: median(longestTasks),
        unit: 'ms',
        goal: { atMost: 50 },
      },
      // Wall time: on a shared machine the worst of many holds whatever else ran in its middle.
      { name: 'the same, worst of all', value: Math.max(...longestTasks), unit: 'ms' },
    ]
  } finally {
    await context.close()
    await rawHost.close()
  }
}

/** @param {import('@playwright/test').BrowserContext} context @param {{ url: string, modelFile: string }} options */
export async function openRaw(context, { url, modelFile }) {
  const page = await context.newPage()
  await page.goto(new URL('index.js', url).href)
  const model = (await readFile(modelFile)).toString('base64')
  await page.evaluate(
    async ({ base, model }) => {
      const { Wllama } = await import(`${base}index.js`)
      const bytes = Uint8Array.from(atob(model), (character) => character.charCodeAt(0))
      const quiet = { debug() {}, log() {}, warn() {}, error() {} }
      const wllama = new Wllama({ default: `${base}wasm/wllama.wasm` }, { logger: quiet })
      await wllama.loadModel([new File([bytes], 'model.gguf')], {
        n_ctx: 4096,
        n_batch: 128,
        n_parallel: 1,
        n_threads: 1,
        n_gpu_layers: 0,
        warmup: false,
      })
      Object.assign(window, { wllama })
    },
    { base: url, model },
  )
  return page
}

/**
 * What the app sends for the message, byte for byte: the cost of a token grows with all that stands before it, so that
 * another prompt would be another measurement.
 *
 * @param {import('@playwright/test').Page} page
 */
async function promptOf(page) {
  await page.getByRole('textbox', { name: 'Message' }).fill(MESSAGE)
  await page.getByRole('tab', { name: 'Prompt' }).click()
  await page.getByRole('button', { name: 'Copy prompt' }).click()
  const prompt = await page.evaluate(() => navigator.clipboard.readText())
  if (!prompt.includes(MESSAGE)) throw new Error(`This is not the prompt: ${prompt}`)
  await page.getByRole('tab', { name: 'Calls' }).click()
  return prompt
}

/** @param {import('@playwright/test').Page} page @param {string} prompt @returns {Promise<number>} tokens per second */
function measureRaw(page, prompt) {
  return page.evaluate(
    async ({ prompt, maxTokens }) => {
      const { wllama } = /** @type {any} */ (window)
      let timings = { predicted_n: 0, predicted_ms: Number.NaN }
      const stream = await wllama.createCompletion({
        prompt,
        max_tokens: maxTokens,
        // As the app asks, with the settings that it gets in openApp: drawing from a distribution costs a sixth of the speed.
        temperature: 0,
        top_p: 0.95,
        top_k: 40,
        min_p: 0.05,
        repeat_penalty: 1,
        cache_prompt: true,
        return_progress: true,
        stream: true,
        timings_per_token: true,
      })
      for await (const chunk of stream) timings = chunk.timings ?? timings
      return (timings.predicted_n * 1000) / timings.predicted_ms
    },
    { prompt, maxTokens: MAX_TOKENS },
  )
}

/** @param {import('@playwright/test').BrowserContext} context @param {{ url: string, modelFile: string }} options */
async function openApp(context, { url, modelFile }) {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: /^Model: Callground Nano. Demo model/ }).click()
  await page.getByLabel('GGUF files').setInputFiles(modelFile)
  await page
    .getByRole('button', { name: /^Model: Long answer. CPU/, includeHidden: true })
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Settings/ }).click()
  await page.getByLabel('Max tokens').fill(String(MAX_TOKENS))
  await page.getByLabel('Temperature').fill('0')
  await page.getByRole('button', { name: 'Done' }).click()
  return page
}

/**
 * Tokens per second as the answer's footer tells them, which are llama.cpp's own: what happens between two tokens counts, as it does for
 * wllama alone. Looked for seldom, since looking takes time from the page.
 *
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<number>}
 */
async function measureApp(page) {
  await writeMessage(page)
  return send(page)
}

/** @param {import('@playwright/test').Page} page @returns {Promise<number>} tokens per second */
async function send(page) {
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
  const rate = await page.waitForFunction(
    () => {
      const text = document.querySelector('[data-pane="chat"]')?.textContent ?? ''
      return /Long answer · [\d,]+ tokens · ([\d.]+) tok\/s/.exec(text)?.[1]
    },
    undefined,
    { polling: 250 },
  )
  return Number(await rate.jsonValue())
}

/**
 * The longest task of the main thread, in ms, of an answer of its own: the probe's own work would slow the tokens.
 *
 * @param {import('@playwright/test').Page} page
 */
async function measureLongestTask(page) {
  await writeMessage(page)
  await page.evaluate(() => {
    const probe = { longestTaskMs: 0, isOver: false }
    let last = performance.now()
    // A message to itself comes back as soon as the thread is free: the gap is the task between.
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      const now = performance.now()
      probe.longestTaskMs = Math.max(probe.longestTaskMs, now - last)
      last = now
      if (!probe.isOver) setTimeout(() => port2.postMessage(0), 4)
    }
    port2.postMessage(0)
    Object.assign(window, { probe })
  })
  await send(page)
  return page.evaluate(() => {
    const { probe } = /** @type {any} */ (window)
    probe.isOver = true
    return /** @type {number} */ (probe.longestTaskMs)
  })
}

/** @param {import('@playwright/test').Page} page */
async function writeMessage(page) {
  await page.bringToFront()
  await page.getByRole('button', { name: 'New chat' }).first().click()
  await page.getByRole('textbox', { name: 'Message' }).fill(MESSAGE)
}

/**
 * What the neighbours before and after measured: they ran under about the same load.
 *
 * @param {readonly number[]} values @param {number} index
 */
function meanOfPair(values, index) {
  return ((values[index] ?? Number.NaN) + (values[index + 1] ?? Number.NaN)) / 2
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
