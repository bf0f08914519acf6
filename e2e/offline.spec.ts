import type { Playground } from './fixtures/playground.ts'
import { countLoads, expect, isCrossOriginIsolated, test, untilIsolated } from './fixtures/test.ts'

const SUB_PATH = '/some/sub/path/'

async function expectAnsweredCall(playground: Playground): Promise<void> {
  await playground.newChat()
  await playground.examples
    .getByRole('button', { name: /one call/ })
    .first()
    .click()
  await playground.expectAnswers(1)
  await playground.call(1).expectStatus('Waiting for a result')
  await playground.resultsForm.getByRole('button', { name: 'Use canned result' }).click()
  await playground.resultsForm.getByRole('button', { name: /^Send result/ }).click()
  await playground.expectAnswers(2)
}

test('the second visit needs no server: the model loads and answers a call', async ({
  page,
  playground,
  startHost,
}) => {
  const host = await startHost({ basePath: SUB_PATH })
  await page.goto(host.url)
  await untilIsolated(page)
  await playground.expectModel('Callground Nano')
  await expect
    .poll(() =>
      page.evaluate(async () =>
        (await caches.open('callground-large-files'))
          .keys()
          .then((keys) => keys.map(({ url }) => new URL(url).pathname.split('.').pop())),
      ),
    )
    .toEqual(expect.arrayContaining(['gguf', 'wasm']))

  await host.close()
  await page.goto(host.url)
  await playground.expectModel('Callground Nano')
  expect(await isCrossOriginIsolated(page)).toBe(true)
  await expectAnsweredCall(playground)
  // What is fetched only when it is used is there too.
  await playground.openSettings()
  await playground.closeDialog()
  const [tool = ''] = await playground.toolNames()
  await playground.openTool(tool)
  await expect(playground.toolEditor).toBeVisible()
})

test('under a sub-path without headers a call is answered at once, and faster after one reload', async ({
  page,
  playground,
  startHost,
}) => {
  let openGate = () => {}
  const gate = new Promise<void>((resolve) => {
    openGate = resolve
  })
  const host = await startHost({
    basePath: SUB_PATH,
    beforeAnswer: (path) => (path === 'service-worker.js' ? gate : undefined),
  })
  const loads = countLoads(page)
  await page.goto(host.url)
  await playground.expectModel('Callground Nano')
  expect(await isCrossOriginIsolated(page)).toBe(false)
  await expect(playground.modelChip).toHaveAccessibleName(/CPU, 1 thread/)
  await expectAnsweredCall(playground)

  // In use, the page is not taken from under its user; the next visit is isolated.
  openGate()
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  expect(loads()).toBe(1)
  await page.reload()
  await playground.expectModel('Callground Nano')
  expect(await isCrossOriginIsolated(page)).toBe(true)
  await expect(playground.answers).toHaveCount(2)
  await expectAnsweredCall(playground)
})
