import type { Page } from '@playwright/test'
import type { HubServer } from './fixtures/hub-server.ts'
import { ModelsPage, test as base } from './fixtures/models-page.ts'
import { scriptedGguf } from './fixtures/scripted-gguf.ts'
import { scriptTemplate } from './fixtures/script-templates.ts'
import { expect } from './fixtures/test.ts'

const REPO = 'Salesforce/xLAM-2-1b-fc-r-gguf'
const FILE = 'xLAM-2-1b-fc-r-Q4_K_M.gguf'
const MIB = 2 ** 20
/** What may be lost when a download breaks. */
const PIECE_BYTES = 8 * MIB
const SIZE_BYTES = 96 * MIB + 12_345
const MODEL = { template: scriptTemplate(), script: ['Hello.'], name: 'Hub model' }

const test = base.extend<{ readonly model: undefined }>({
  model: [
    async ({ hub }, use) => {
      const headBase64 = Buffer.from(scriptedGguf(MODEL)).toString('base64')
      await hub.control.addRepo({
        id: REPO,
        license: 'apache-2.0',
        files: { [FILE]: { type: 'generated', sizeBytes: SIZE_BYTES, seed: 7, headBase64 } },
      })
      await use(undefined)
    },
    { auto: true },
  ],
})

async function sentBytes(hub: HubServer): Promise<number> {
  const records = await hub.control.requests(REPO)
  return records
    .filter(({ host }) => host === 'data')
    .reduce((sum, record) => sum + record.sentBytes, 0)
}

/** Starts the download and waits until the Hub has sent this much of it. */
async function downloadUntil(models: ModelsPage, hub: HubServer, bytes: number): Promise<void> {
  // About a quarter of a second for each piece.
  await hub.control.addFault({ on: 'data', effect: { type: 'slow', bytesPerSecond: 16 * MIB } })
  await models.openRepo(REPO)
  await models.download('Q4_K_M')
  await expect
    .poll(() => sentBytes(hub), { timeout: 40_000, intervals: [50] })
    .toBeGreaterThan(bytes)
}

/** `lostBytes`: what may have to come again, of what was sent, besides what was on its way when it broke. */
async function expectSentOnce(hub: HubServer, lostBytes: number): Promise<void> {
  const twice = (await sentBytes(hub)) - SIZE_BYTES
  expect(twice).toBeLessThanOrEqual(lostBytes)
}

test('a download that goes offline says so, and goes on by itself where it was', async ({
  context,
  hub,
  models,
}) => {
  test.setTimeout(120_000)
  await downloadUntil(models, hub, 30 * MIB)
  await context.setOffline(true)
  await hub.goDown()
  await expect(models.card).toContainText('Offline: goes on when the network is back')
  await hub.comeBack()
  await context.setOffline(false)
  await expect(models.card).toContainText('Ready to load', { timeout: 60_000 })
  await expectSentOnce(hub, PIECE_BYTES)
})

test('a download whose server goes down says so, and goes on by itself where it was', async ({
  hub,
  models,
}) => {
  test.setTimeout(120_000)
  await downloadUntil(models, hub, 30 * MIB)
  await hub.goDown()
  await expect(models.card).toContainText(/gave no answer.*next try in \d+ s/)
  await hub.comeBack()
  await expect(models.card).toContainText('Ready to load', { timeout: 60_000 })
  await expectSentOnce(hub, PIECE_BYTES)
})

test('a download in a tab that crashed goes on when the page is opened again', async ({
  context,
  hub,
  models,
  page,
}) => {
  test.setTimeout(120_000)
  await downloadUntil(models, hub, 70 * MIB)
  await crash(page)
  const next = await context.newPage()
  await next.goto('./')
  await next.getByRole('button', { name: /^Downloads: / }).click()
  const reopened = new ModelsPage(next)
  await expect(reopened.card).toContainText('Ready to load', { timeout: 60_000 })
  await expect(reopened.card).toContainText('every byte verified')
  await expectSentOnce(hub, PIECE_BYTES)
})

async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // A crashed page does not answer, so this ends when the page is closed.
  const answer = session.send('Page.crash').catch(() => null)
  await crashed
  await page.close()
  await answer
}
