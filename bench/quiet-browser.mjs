import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { BROWSER_ARGS, ensureBrowser } from '../scripts/find-browser.mjs'

const START_MS = 20_000
const POLL_MS = 100

/**
 * A browser that nobody watches while it is measured. Playwright has every page and worker tell of its requests, and
 * Chromium then keeps a copy of what they fetch, a hundred megabytes and more, in the process whose memory is measured.
 *
 * @typedef {object} QuietBrowser
 * @property {number} pid of its main process
 * @property {<T>(work: (context: import('@playwright/test').BrowserContext) => Promise<T>) => Promise<T>} drive
 *   connects for as long as `work` takes; the pages stay
 * @property {(word: string, timeoutMs: number) => Promise<void>} untilTitle waits, unconnected, for a page whose title contains the word
 * @property {() => Promise<void>} close
 */

/** @param {string} profile the folder of its profile: a private window would keep OPFS in memory @returns {Promise<QuietBrowser>} */
export async function launchQuietBrowser(profile) {
  const child = spawn(
    ensureBrowser(),
    [
      ...BROWSER_ARGS,
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--window-size=1440,900',
      '--no-first-run',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      'about:blank',
    ],
    { stdio: 'ignore' },
  )
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const address = await debuggingAddress(profile)
  return {
    pid: child.pid ?? 0,
    async drive(work) {
      const browser = await chromium.connectOverCDP(address)
      try {
        const [context] = browser.contexts()
        if (!context) throw new Error('The browser has no window.')
        return await work(context)
      } finally {
        await browser.close()
      }
    },
    async untilTitle(word, timeoutMs) {
      const deadline = Date.now() + timeoutMs
      while (Date.now() < deadline) {
        const response = await fetch(`${address}/json/list`)
        /** @type {{ title: string }[]} */ const targets = await response.json()
        if (targets.some(({ title }) => title.includes(word))) return
        await sleep(POLL_MS)
      }
      throw new Error(`No page was titled "${word}" within ${timeoutMs} ms.`)
    },
    async close() {
      child.kill()
      await gone
    },
  }
}

/** Chromium writes its port there once it listens. @param {string} profile */
async function debuggingAddress(profile) {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    const text = await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')
    const [port = ''] = text.split('\n')
    if (port !== '') return `http://127.0.0.1:${port}`
    await sleep(POLL_MS)
  }
  throw new Error('The browser did not start.')
}

/** @param {number} ms */
export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
