import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startStaticServer } from '../scripts/serve-static.mjs'
import { writeLongAnswerModel } from './scripted-model.mjs'

export const wllamaFolder = fileURLToPath(
  new URL('../node_modules/@wllama/wllama/esm', import.meta.url),
)
// Many short rounds: on a shared machine the speed of one and the same code changes by a fifth within a minute.
const ROUNDS = 30
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
    // By turns, so that whatever else the machine does falls on both. The first round of each only warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const rawRate = await measureRaw(raw, prompt)
      const { tokensPerSecond, longestTaskMs } = await measureApp(app)
      if (round === 0) continue
      rawRates.push(rawRate)
      appRates.push(tokensPerSecond)
      longestTasks.push(longestTaskMs)
    }
    return [
      { name: 'decode, wllama alone', value: median(rawRates), unit: 'tok/s' },
      { name: 'decode, through the app', value: median(appRates), unit: 'tok/s' },
      {
        name: 'decode, app against wllama alone',
        // Round by round: the two of a round ran under the same load.
        value: median(appRates.map((rate, index) => rate / (rawRates[index] ?? Number.NaN))),
        unit: '×',
        goal: { atLeast: 0.97 },
      },
      {
        name: `longest main-thread task of an answer, median of ${ROUNDS}`,
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
        temperature: 0,
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
  await page.getByRole('button', { name: 'Done' }).click()
  return page
}

/**
 * Tokens per second as the answer's footer tells them, which are llama.cpp's own: what happens between two tokens counts, as it does for
 * wllama alone.
 *
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<{ tokensPerSecond: number, longestTaskMs: number }>}
 */
async function measureApp(page) {
  await page.bringToFront()
  await page.getByRole('button', { name: 'New chat' }).first().click()
  await page.getByRole('textbox', { name: 'Message' }).fill(MESSAGE)
  const measured = page.evaluate(
    () =>
      new Promise((resolve) => {
        let longestTaskMs = 0
        let last = performance.now()
        let isOver = false
        // A message to itself comes back as soon as the thread is free: the gap is the task between.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          const now = performance.now()
          longestTaskMs = Math.max(longestTaskMs, now - last)
          last = now
          if (!isOver) setTimeout(() => port2.postMessage(0), 4)
        }
        port2.postMessage(0)
        const observer = new MutationObserver(() => {
          const text = document.querySelector('[data-pane="chat"]')?.textContent ?? ''
          const footer = /Long answer · [\d,]+ tokens · ([\d.]+) tok\/s/.exec(text)
          if (!footer) return
          observer.disconnect()
          isOver = true
          resolve({ tokensPerSecond: Number(footer[1]), longestTaskMs })
        })
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
  )
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
  return measured
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
