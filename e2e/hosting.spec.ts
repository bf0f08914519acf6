import type { Page } from '@playwright/test'
import { countLoads, expect, isCrossOriginIsolated, test, untilIsolated } from './fixtures/test.ts'

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
  const answer = await page.evaluate(async () => {
    const response = await fetch('models/callground-nano.gguf', { headers: { Range: 'bytes=0-3' } })
    return { status: response.status, text: await response.text() }
  })
  expect(answer).toEqual({ status: 206, text: 'GGUF' })
})

test.describe('the content security policy', () => {
  test.use({ expectedErrors: [/Content Security Policy/] })

  test('refuses inline scripts, eval and other hosts', async ({ page }) => {
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
      const request = await fetch('https://example.com/').then(
        () => 'answered',
        () => 'refused',
      )
      return { title: document.title, request }
    })
    expect(outcome).toEqual({ title: expect.stringContaining('Callground'), request: 'refused' })
    await expect(page.addScriptTag({ content: 'eval("1")' })).rejects.toThrow(/Content Security/)
  })
})
