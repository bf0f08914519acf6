import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'
import { startStaticServer } from '../scripts/serve-static.mjs'
import { residentBytes } from './browser-memory.mjs'
import { wllamaFolder } from './decode.bench.mjs'
import { launchQuietBrowser, sleep } from './quiet-browser.mjs'
import { writeLongAnswerModel } from './scripted-model.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const MB = 1e6
const LARGE_BYTES = 2500 * MB
/** Without a limit, the processor decides; at the speed of a good line, the line should. */
const LINKS = [
  { label: 'no limit', bytesPerSecond: null, bytes: 400 * MB, rounds: 3 },
  { label: '400 Mbit/s', bytesPerSecond: 50 * MB, bytes: 500 * MB, rounds: 3 },
]
const LOAD_ROUNDS = 5
/** About 290 MB in 4 bits. */
const LOAD_WEIGHTS = 500_000_000
const QUANTIZATION = 'Q4_K_M'
const SAMPLE_MS = 100
/** Enough for whoever was connected to be gone. */
const SETTLE_MS = 1500
const MOST_MS = 300_000
const MEASURED = 'measured'

/**
 * Downloads from a local Hub through the whole app, against a worker that does nothing but `fetch` the same file and
 * write it to OPFS; what the app's main thread and the browser's memory do meanwhile; and the way from a stored model
 * to ready, against wllama alone with the same file of the same OPFS.
 *
 * In a browser of its own with a profile on the disk: a private window keeps OPFS in memory.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ dist }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'callground-bench-'))
  /** @type {string[]} */ const files = []
  const { module } = await runnerImport(path.join(root, 'e2e/fixtures/hub-server.ts'), {
    root,
    configFile: false,
  })
  const hub = await module.startHubServer()
  const host = await startSite(dist, path.join(folder, 'site'))
  const browser = await launchQuietBrowser(path.join(folder, 'profile'))
  try {
    await browser.drive(async (context) => {
      await openApp(context, { url: host.url, hubUrl: hub.url })
      const raw = await context.newPage()
      await raw.goto(new URL('raw/index.js', host.url).href)
    })
    const small = await writeLongAnswerModel()
    files.push(small, await writeLongAnswerModel({ idleWeights: LOAD_WEIGHTS }))
    const bench = { browser, hub, head: await readFile(small) }
    const parts = [
      () => measureMemory(bench),
      ...LINKS.map((link) => () => measureThroughput(bench, link)),
      () => measureLoading(bench, files[1] ?? ''),
    ]
    /** @type {import('./run.mjs').Measurement[]} */
    const measurements = []
    for (const part of parts) measurements.push(...(await part()))
    return measurements
  } finally {
    await browser.close()
    await host.close()
    await hub.close()
    for (const made of [folder, ...files.map((file) => path.dirname(file))]) {
      await rm(made, { recursive: true, force: true })
    }
  }
}

/**
 * @typedef {object} DownloadBench
 * @property {import('./quiet-browser.mjs').QuietBrowser} browser with the app's page, and a page of its origin without the app
 * @property {import('../e2e/fixtures/hub-server.ts').HubServer} hub
 * @property {Buffer} head a small model, the beginning of every file
 */

/** The built site, with wllama's modules beside it: on one origin both see the same OPFS. @param {string} dist @param {string} folder */
async function startSite(dist, folder) {
  await cp(dist, folder, { recursive: true })
  await cp(wllamaFolder, path.join(folder, 'raw'), { recursive: true })
  return startStaticServer({
    root: folder,
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  })
}

/** @param {import('@playwright/test').BrowserContext} context @param {{ url: string, hubUrl: string }} options */
async function openApp(context, { url, hubUrl }) {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: /^Model: Callground Nano. Demo model/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Models' })
  await dialog.getByRole('tab', { name: 'Find' }).click()
  await dialog.getByText('Source and access').click()
  await dialog.getByRole('textbox', { name: 'Hub or mirror' }).fill(hubUrl)
  await dialog.getByRole('button', { name: 'Set', exact: true }).click()
  return page
}

/** @param {DownloadBench} bench */
async function measureMemory(bench) {
  if (platform() !== 'linux') return []
  const { pid } = bench.browser
  await prepare(bench, { name: 'large', content: generated(bench, LARGE_BYTES) })
  // What opening the page has left behind must not hide what the download takes.
  await sleep(SETTLE_MS)
  /** @type {number[]} */ const before = []
  for (let sample = 0; sample < 10; sample++) {
    before.push(await residentBytes(pid))
    await sleep(SAMPLE_MS)
  }
  let isOver = false
  /** @type {number[]} */ const during = []
  const sampling = (async () => {
    while (!isOver) {
      during.push(await residentBytes(pid))
      await sleep(SAMPLE_MS)
    }
  })()
  await download(bench, 'large').finally(() => (isOver = true))
  await sampling
  await clear(bench)
  return [
    {
      name: `memory growth (all processes), ${LARGE_BYTES / MB} MB downloaded`,
      value: (Math.max(...during) - median(before)) / MB,
      unit: 'MB',
      goal: { atMost: 64 },
    },
  ]
}

/** @param {DownloadBench} bench @param {typeof LINKS[number]} link */
async function measureThroughput(bench, { label, bytesPerSecond, bytes, rounds }) {
  /** @type {number[]} */ const appRates = []
  /** @type {number[]} */ const plainRates = []
  /** @type {number[]} */ const longestTasks = []
  for (let round = 0; round <= rounds; round++) {
    const name = `${label.replaceAll(/\W/g, '-')}-${round}`
    const address = await prepare(bench, { name, content: generated(bench, bytes) })
    if (bytesPerSecond !== null) {
      const effect = /** @type {const} */ ({ type: 'slow', bytesPerSecond })
      await bench.hub.control.addFault({ on: 'data', repo: `bench/${name}`, effect })
    }
    /** @type {{ ms: number, longestTaskMs: number }} */ let app = { ms: 0, longestTaskMs: 0 }
    let plainMs = 0
    const turns = [
      async () => (app = await download(bench, name)),
      async () => (plainMs = (await plainDownload(bench, address)).ms),
    ]
    // Whoever comes second may find the disk busy with what the first one wrote.
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
    await clear(bench)
    // The first round only warms up.
    if (round === 0) continue
    appRates.push(bytes / MB / (app.ms / 1000))
    plainRates.push(bytes / MB / (plainMs / 1000))
    longestTasks.push(app.longestTaskMs)
  }
  return [
    { name: `download, ${label}: fetch to OPFS alone`, value: median(plainRates), unit: 'MB/s' },
    {
      name: `download, ${label}: through the app, verified`,
      value: median(appRates),
      unit: 'MB/s',
    },
    {
      name: `download, ${label}: app against fetch alone`,
      value: median(appRates.map((rate, index) => rate / (plainRates[index] ?? Number.NaN))),
      unit: '×',
      goal: { atLeast: 0.9 },
    },
    {
      name: `download, ${label}: longest main-thread task, median of ${rounds}`,
      value: median(longestTasks),
      unit: 'ms',
      goal: { atMost: 50 },
    },
    { name: 'the same, worst of all', value: Math.max(...longestTasks), unit: 'ms' },
  ]
}

/** @param {DownloadBench} bench @param {string} file of a model that can be loaded */
async function measureLoading(bench, file) {
  await prepare(bench, { name: 'stored', content: { type: 'disk', file } })
  await download(bench, 'stored')
  /** @type {number[]} */ const appTimes = []
  /** @type {number[]} */ const rawTimes = []
  for (let round = 0; round <= LOAD_ROUNDS; round++) {
    const { ms: appMs, threads } = await inApp(bench, loadInApp)
    const rawMs = await inRaw(bench, (page) => loadRaw(page, threads))
    if (round === 0) continue
    appTimes.push(appMs)
    rawTimes.push(rawMs)
  }
  await clear(bench)
  return [
    { name: 'stored model to ready, wllama alone', value: median(rawTimes), unit: 'ms' },
    { name: 'stored model to ready, through the app', value: median(appTimes), unit: 'ms' },
    {
      name: 'stored model to ready, app against wllama alone',
      value: median(appTimes.map((ms, index) => ms / (rawTimes[index] ?? Number.NaN))),
      unit: '×',
      goal: { atMost: 1.05 },
    },
  ]
}

/** Bytes that take no disk on the server, behind the header of a model. @param {DownloadBench} bench @param {number} sizeBytes */
function generated({ head }, sizeBytes) {
  return /** @type {const} */ ({
    type: 'generated',
    sizeBytes,
    seed: 1,
    headBase64: head.toString('base64'),
  })
}

/**
 * Puts a repository of one file on the Hub and goes as far as the last button before its download.
 *
 * @param {DownloadBench} bench
 * @param {{ name: string, content: import('../e2e/fixtures/hub-content.ts').HubContent }} options
 * @returns {Promise<string>} the file's address
 */
async function prepare(bench, { name, content }) {
  const { hub } = bench
  const id = `bench/${name}`
  const file = `${name}-${QUANTIZATION}.gguf`
  await hub.control.addRepo({ id, license: 'apache-2.0', files: { [file]: content } })
  await inApp(bench, async (app) => {
    const dialog = app.getByRole('dialog', { name: 'Models' })
    await dialog.getByRole('tab', { name: 'Find' }).click()
    const back = dialog.getByRole('button', { name: 'Back to the search' })
    const search = dialog.getByRole('searchbox', { name: 'Search the Hub' })
    await back.or(search).first().waitFor()
    if (await back.isVisible()) await back.click()
    await search.fill(id)
    await dialog.getByRole('button', { name: 'Open', exact: true }).click()
    await dialog.getByRole('button', { name: `Download ${QUANTIZATION}` }).click()
    await dialog.getByRole('checkbox', { name: 'I accept the terms of this model' }).check()
  })
  return `${hub.url}/${id}/resolve/main/${file}`
}

/** @template T @param {DownloadBench} bench @param {(page: import('@playwright/test').Page) => Promise<T>} work */
function inApp({ browser }, work) {
  return browser.drive((context) => onPage(context, (url) => !url.includes('/raw/'), work))
}

/** @template T @param {DownloadBench} bench @param {(page: import('@playwright/test').Page) => Promise<T>} work */
function inRaw({ browser }, work) {
  return browser.drive((context) => onPage(context, (url) => url.includes('/raw/'), work))
}

/**
 * @template T
 * @param {import('@playwright/test').BrowserContext} context
 * @param {(url: string) => boolean} isIt
 * @param {(page: import('@playwright/test').Page) => Promise<T>} work
 */
async function onPage(context, isIt, work) {
  const page = context.pages().find((one) => one.url().startsWith('http') && isIt(one.url()))
  if (!page) throw new Error('The page is gone.')
  await page.bringToFront()
  return work(page)
}

/**
 * Lets a page measure by itself, with nobody connected: `begin` starts it after a pause and has it put its result into
 * `window.measured` and "measured" into the title.
 *
 * @param {DownloadBench} bench
 * @param {typeof inApp} inPage
 * @param {(page: import('@playwright/test').Page) => Promise<void>} begin
 * @returns {Promise<{ ms: number, longestTaskMs: number }>}
 */
async function measureAlone(bench, inPage, begin) {
  await inPage(bench, begin)
  await bench.browser.untilTitle(MEASURED, MOST_MS)
  return inPage(bench, (page) =>
    page.evaluate(() => {
      const { measured } = /** @type {any} */ (window)
      document.title = 'Callground'
      if (measured.error) throw new Error(measured.error)
      return measured
    }),
  )
}

/**
 * From the press on the button to the word that every byte is verified and stored.
 *
 * @param {DownloadBench} bench
 * @param {string} name
 */
function download(bench, name) {
  return measureAlone(bench, inApp, (page) =>
    page.evaluate(
      ({ title, word, settleMs }) => {
        /** @param {object} measured */
        const end = (measured) => {
          Object.assign(window, { measured })
          document.title = word
        }
        setTimeout(() => {
          // The one in the table has a name of its own.
          const buttons = document.querySelectorAll('[role="dialog"] button:not([aria-label])')
          const button = [...buttons].find(({ textContent }) => textContent?.trim() === 'Download')
          if (!(button instanceof HTMLElement)) return end({ error: 'no button to download with' })
          const start = performance.now()
          let longestTaskMs = 0
          let last = start
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
            const card = document.querySelector(`[aria-label="${title}"]`)
            const isFailed = Boolean(card?.querySelector('[role="alert"]'))
            if (!isFailed && !card?.textContent?.includes('Ready to load')) return
            observer.disconnect()
            isOver = true
            if (isFailed) end({ error: card?.textContent ?? 'the download failed' })
            else end({ ms: performance.now() - start, longestTaskMs })
          })
          observer.observe(document.body, { subtree: true, childList: true, characterData: true })
          button.click()
        }, settleMs)
      },
      { title: `${name} ${QUANTIZATION}`, word: MEASURED, settleMs: SETTLE_MS },
    ),
  )
}

/**
 * The least that a page can do to get a file into OPFS, off the main thread as the app does it.
 *
 * @param {DownloadBench} bench
 * @param {string} address
 */
function plainDownload(bench, address) {
  return measureAlone(bench, inRaw, (page) =>
    page.evaluate(
      ({ url, word, settleMs }) => {
        const code = `onmessage = async ({ data }) => {
          const start = performance.now()
          const root = await navigator.storage.getDirectory()
          const handle = await root.getFileHandle('plain', { create: true })
          const file = await handle.createSyncAccessHandle()
          const response = await fetch(data, { cache: 'no-store', credentials: 'omit' })
          if (!response.ok) throw new Error('status ' + response.status)
          const reader = response.body.getReader()
          let at = 0
          for (;;) {
            const { done, value } = await reader.read()
            if (done) break
            at += file.write(value, { at })
          }
          file.flush()
          file.close()
          postMessage(performance.now() - start)
        }
        onunhandledrejection = ({ reason }) => { throw reason }`
        // Only when nobody is connected: a worker that starts while one goes away may wait for a debugger for ever.
        setTimeout(() => {
          const worker = new Worker(URL.createObjectURL(new Blob([code])))
          /** @param {object} measured */
          const end = (measured) => {
            worker.terminate()
            Object.assign(window, { measured })
            document.title = word
          }
          worker.onmessage = ({ data }) => end({ ms: data, longestTaskMs: 0 })
          worker.onerror = ({ message }) => end({ error: message })
          worker.postMessage(url)
        }, settleMs)
      },
      { url: address, word: MEASURED, settleMs: SETTLE_MS },
    ),
  )
}

/** Frees the disk. @param {DownloadBench} bench */
function clear(bench) {
  return inRaw(bench, (page) =>
    page.evaluate(async () => {
      const top = await navigator.storage.getDirectory()
      const plain = await top.getFileHandle('plain').catch(() => null)
      if (plain) await top.removeEntry('plain')
      const models = await top.getDirectoryHandle('models')
      for await (const name of models.keys()) await models.removeEntry(name, { recursive: true })
    }),
  )
}

/**
 * From the press on Load to the word that the model runs. Another model is loaded first.
 *
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<{ ms: number, threads: number }>}
 */
async function loadInApp(page) {
  const dialog = page.getByRole('dialog', { name: 'Models' })
  await dialog.getByRole('tab', { name: 'Running' }).click()
  const running = dialog.getByRole('heading', { name: 'Callground Nano Running' })
  const load = dialog.getByRole('button', { name: 'Load', exact: true })
  await running.or(load).first().waitFor()
  if (await load.isVisible()) await load.click()
  await running.waitFor()
  await dialog.getByRole('tab', { name: 'Storage' }).click()
  await dialog.getByRole('button', { name: /^Load stored/ }).waitFor()
  const ms = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const buttons = [...document.querySelectorAll('[role="dialog"] button')]
        const button = buttons.find((one) =>
          one.getAttribute('aria-label')?.startsWith('Load stored'),
        )
        const start = performance.now()
        const observer = new MutationObserver(() => {
          if (button?.textContent?.trim() !== 'Running') return
          observer.disconnect()
          resolve(performance.now() - start)
        })
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
        if (button instanceof HTMLElement) button.click()
      }),
  )
  await dialog.getByRole('tab', { name: 'Running' }).click()
  const text = (await dialog.textContent()) ?? ''
  return { ms: Number(ms), threads: Number(/(\d+) threads?/.exec(text)?.[1] ?? 1) }
}

/**
 * The same file of the same OPFS into wllama alone, with the parameters that the app gives it.
 *
 * @param {import('@playwright/test').Page} page
 * @param {number} threads
 * @returns {Promise<number>} milliseconds
 */
async function loadRaw(page, threads) {
  return page.evaluate(
    async ({ base, threads }) => {
      const { Wllama } = await import(`${base}index.js`)
      const top = await navigator.storage.getDirectory()
      const models = await top.getDirectoryHandle('models')
      const ids = await Array.fromAsync(models.keys())
      const entry = await models.getDirectoryHandle(ids.find((id) => id.includes('stored')) ?? '')
      const files = await entry.getDirectoryHandle('files')
      const [name = ''] = await Array.fromAsync(files.keys())
      const start = performance.now()
      const file = await (await files.getFileHandle(name)).getFile()
      const quiet = { debug() {}, log() {}, warn() {}, error() {} }
      const wllama = new Wllama({ default: `${base}wasm/wllama.wasm` }, { logger: quiet })
      await wllama.loadModel([file], {
        n_ctx: 4096,
        n_batch: 128,
        n_parallel: 1,
        n_threads: threads,
        n_gpu_layers: 0,
        cache_idle_slots: false,
        warmup: false,
        jinja: false,
        chat_template: 'chatml',
      })
      const ms = performance.now() - start
      await wllama.exit()
      return ms
    },
    { base: new URL('.', page.url()).href, threads },
  )
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
