import { appendFile, cp } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import {
  countLoads,
  dist,
  expect,
  isCrossOriginIsolated,
  test,
  untilIsolated,
} from './fixtures/test.ts'

const MODEL = 'models/callground-nano.gguf'
const SUB_PATH = '/some/sub/path/'
const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

async function expectApp(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
}

/** Resolves once the worker is installed, active and in control. */
async function untilControlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
}

/** Holds back the service worker's own file until `open` is called: a slow network for the install. */
function serviceWorkerGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    open,
    beforeAnswer: (path: string) => (path === 'service-worker.js' ? opened : undefined),
  }
}

test('works under a sub-path without headers, and is isolated after one reload', async ({
  page,
  startHost,
}) => {
  const gate = serviceWorkerGate()
  const host = await startHost({ basePath: SUB_PATH, beforeAnswer: gate.beforeAnswer })
  const loads = countLoads(page)
  await page.goto(host.url)
  await expectApp(page)
  expect(await isCrossOriginIsolated(page)).toBe(false)

  gate.open()
  await untilIsolated(page)
  await expectApp(page)
  expect(loads()).toBe(2)

  await page.reload()
  await expectApp(page)
  expect(await isCrossOriginIsolated(page)).toBe(true)
  expect(loads()).toBe(3)
})

test('does not reload a page that is in use', async ({ page, startHost }) => {
  const gate = serviceWorkerGate()
  const host = await startHost({ basePath: SUB_PATH, beforeAnswer: gate.beforeAnswer })
  const loads = countLoads(page)
  await page.goto(host.url)
  await expectApp(page)
  await page.keyboard.press('Tab')

  gate.open()
  await untilControlled(page)
  await page.waitForLoadState('networkidle')
  expect(loads()).toBe(1)
  expect(await isCrossOriginIsolated(page)).toBe(false)

  await page.reload()
  expect(await isCrossOriginIsolated(page)).toBe(true)
})

test('reloads no second time where it does not help', async ({ page, startHost }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'crossOriginIsolated', { get: () => false })
  })
  const host = await startHost({ basePath: SUB_PATH })
  const loads = countLoads(page)
  await page.goto(host.url)
  await expect.poll(loads).toBe(2)
  await untilControlled(page)
  await page.waitForLoadState('networkidle')
  expect(loads()).toBe(2)
})

test('never reloads on a host that sends the headers', async ({ page, startHost }) => {
  const host = await startHost({ headers: ISOLATION_HEADERS })
  const loads = countLoads(page)
  await page.goto(host.url)
  expect(await isCrossOriginIsolated(page)).toBe(true)
  await untilControlled(page)
  await page.waitForLoadState('networkidle')
  expect(loads()).toBe(1)
})

test('works where service workers are missing', async ({ page, startHost }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'serviceWorker')
  })
  const host = await startHost()
  const loads = countLoads(page)
  await page.goto(host.url)
  await expectApp(page)
  await page.waitForLoadState('networkidle')
  expect(loads()).toBe(1)
})

test('opens again when the server is gone', async ({ page, startHost }) => {
  const host = await startHost({ basePath: SUB_PATH })
  await page.goto(host.url)
  await untilIsolated(page)
  await untilControlled(page)

  await host.close()
  await page.goto(`${host.url}?some=query`)
  await expectApp(page)
  expect(await isCrossOriginIsolated(page)).toBe(true)
})

test('sends a range request past the service worker', async ({ page, startHost }) => {
  const host = await startHost({ basePath: SUB_PATH })
  await page.goto(host.url)
  await untilIsolated(page)
  await untilControlled(page)
  const answer = await page.evaluate(async (model) => {
    const response = await fetch(model, { headers: { Range: 'bytes=0-3' } })
    return { status: response.status, text: await response.text() }
  }, MODEL)
  expect(answer).toEqual({ status: 206, text: 'GGUF' })
})

/** Fetches a file from within the page: its size, or null when it cannot be had. */
function fetchSize(page: Page, url: string): Promise<number | null> {
  return page.evaluate(async (target) => {
    const response = await fetch(target).catch(() => null)
    return response?.ok ? (await response.arrayBuffer()).byteLength : null
  }, url)
}

test('keeps the model once it was used, and fetches it no second time', async ({
  page,
  startHost,
}) => {
  const asked: string[] = []
  const host = await startHost({ beforeAnswer: (path) => void asked.push(path) })
  await page.goto(host.url)
  await untilIsolated(page)
  await untilControlled(page)
  const sizeBytes = await fetchSize(page, MODEL)
  expect(sizeBytes).toBeGreaterThan(1_000_000)
  const timesAsked = asked.filter((path) => path === MODEL).length

  expect(await fetchSize(page, MODEL)).toBe(sizeBytes)
  expect(asked.filter((path) => path === MODEL)).toHaveLength(timesAsked)
  await host.close()
  expect(await fetchSize(page, MODEL)).toBe(sizeBytes)
})

/** Bytes of the model in the cache, 0 while there is none. The key appears before the whole body is stored. */
async function readKeptSize(): Promise<number> {
  const cache = await caches.open('callground-large-files')
  const key = (await cache.keys()).find(({ url }) => url.includes('.gguf'))
  const response = key && (await cache.match(key))
  return response ? (await response.arrayBuffer()).byteLength : 0
}

test('keeps a model that the page loaded before the service worker was there', async ({
  page,
  startHost,
}) => {
  const host = await startHost({ headers: ISOLATION_HEADERS })
  await page.goto(host.url)
  await untilControlled(page)
  await page.evaluate(async (model) => {
    const { active } = await navigator.serviceWorker.ready
    const urls = [
      new URL(model, document.baseURI).href,
      new URL('no-such.gguf', document.baseURI).href,
    ]
    active?.postMessage({ type: 'keep-large-files', urls })
  }, MODEL)
  await expect.poll(() => page.evaluate(readKeptSize)).toBeGreaterThan(1_000_000)
  await host.close()
  expect(await fetchSize(page, MODEL)).toBeGreaterThan(1_000_000)
})

test('a new version waits until the user agrees', async ({ page, startHost }, testInfo) => {
  const root = testInfo.outputPath('site')
  await cp(dist, root, { recursive: true })
  const host = await startHost({ root })
  await page.goto(host.url)
  await untilIsolated(page)
  await untilControlled(page)

  await appendFile(path.join(root, 'service-worker.js'), '\n// A new version.')
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update()
  })
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null)
  await page.reload()
  await expectApp(page)
  expect(
    await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state),
  ).toBe('installed')
})

test.describe('the content security policy', () => {
  // The driver reports requests that the policy then refuses.
  test.use({ expectedErrors: [/Content Security Policy/], allowedHosts: ['example.com'] })

  // Connections are not in the list: the Hub and its mirrors may be anywhere. privacy.spec.ts sees that none is made.
  test('refuses inline scripts, eval, and scripts, images and frames of other hosts', async ({
    page,
  }) => {
    await page.goto('/')
    await expectApp(page)
    const outcome = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "inline script ran"'
      document.body.append(script)
      // A handler is compiled from text too, and reports its failure without throwing here.
      const element = document.createElement('div')
      element.setAttribute('onclick', 'document.title = "handler ran"')
      element.click()
      const refused: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
        if (blockedURI.startsWith('https://example.com')) refused.push(effectiveDirective)
      })
      for (const tag of ['script', 'img', 'iframe'] as const) {
        const foreign = document.createElement(tag)
        foreign.src = 'https://example.com/'
        document.body.append(foreign)
      }
      const deadline = performance.now() + 5000
      while (refused.length < 3 && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 20))
      return { title: document.title, refused: refused.toSorted() }
    })
    expect(outcome).toEqual({
      title: expect.stringContaining('Callground'),
      refused: ['frame-src', 'img-src', 'script-src-elem'],
    })
    await expect(page.addScriptTag({ content: 'eval("1")' })).rejects.toThrow(/Content Security/)
  })
})
