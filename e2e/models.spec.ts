import { bytesContent } from './fixtures/hub-content.ts'
import { HUB_TOKEN as TOKEN, ModelsPage, test } from './fixtures/models-page.ts'
import { Playground } from './fixtures/playground.ts'
import { scriptedGguf, scriptedShards } from './fixtures/scripted-gguf.ts'
import { scriptTemplate } from './fixtures/script-templates.ts'
import { expect } from './fixtures/test.ts'

const REPO = 'Salesforce/xLAM-2-1b-fc-r-gguf'
const STEM = 'xLAM-2-1b-fc-r-Q4_K_M'
const SHARD_1 = `${STEM}-00001-of-00002.gguf`
const SHARD_2 = `${STEM}-00002-of-00002.gguf`
const MODEL = { template: scriptTemplate(), script: ['Hello from ', 'the Hub.'], name: 'Hub model' }

/** Two files of about 4 MB each: enough to be caught on the way, few enough to compute with. */
const SHARDS = scriptedShards({ ...MODEL, idleWeights: 12_000_000 })
const FILES = {
  [SHARD_1]: bytesContent(SHARDS[0]),
  [SHARD_2]: bytesContent(SHARDS[1]),
}

test('a sharded model is found, downloaded over a killed tab, verified, loaded and answers', async ({
  page,
  context,
  hub,
  models,
}) => {
  test.setTimeout(180_000)
  const commit = await hub.control.addRepo({
    id: REPO,
    license: 'cc-by-nc-4.0',
    downloads: 4242,
    likes: 77,
    files: FILES,
  })
  const { dialog } = models
  await dialog.getByRole('searchbox', { name: 'Search the Hub' }).fill('xlam')
  const found = dialog.getByRole('button', { name: new RegExp(REPO) })
  await expect(found).toContainText('4,242')
  await expect(found).toContainText('CC BY-NC 4.0, research only')
  await found.click()

  await expect(dialog.getByText(commit.slice(0, 8))).toBeVisible()
  await expect(dialog.getByRole('region', { name: 'License' })).toContainText('research')
  const row = models.row('Q4_K_M')
  await expect(row).toContainText('Fits')
  await expect(row).toContainText('Recommended')
  await row.getByRole('button', { name: 'Q4_K_M , details' }).click()
  await expect(dialog.getByRole('table', { name: 'What has to fit into what' })).toContainText(
    'The engine’s memory',
  )

  await hub.control.addFault({
    on: 'data',
    path: SHARD_2,
    effect: { type: 'slow', bytesPerSecond: 6e5 },
  })
  await models.download('Q4_K_M')
  await expect(models.card).toContainText('Downloading')
  await expect(models.card.getByRole('listitem').first()).toContainText('verified')
  await models.dialog.getByRole('button', { name: 'Close' }).click()
  const ring = page.getByRole('button', { name: /^Downloads: \d+ percent, running/ })
  await expect(ring).toBeVisible()
  await page.close()

  await hub.control.clearRequests(REPO)
  const next = await context.newPage()
  await next.goto('./')
  const reopened = new ModelsPage(next)
  await next.getByRole('button', { name: /^Downloads: / }).click()
  await expect(reopened.card).toContainText('Ready to load', { timeout: 60_000 })
  await expect(reopened.card).toContainText('every byte verified')
  const again = (await hub.control.requests(REPO)).filter(({ host }) => host === 'data')
  expect(new Set(again.map(({ path }) => path))).toEqual(new Set([SHARD_2]))

  await reopened.card.getByRole('button', { name: /^Load / }).click()
  await reopened.show('Running')
  await expect(reopened.dialog.getByRole('heading', { name: 'Hub model Running' })).toBeVisible()
  await expect(reopened.dialog).toContainText('CC BY-NC 4.0, research only')
  await next.keyboard.press('Escape')
  const playground = new Playground(next)
  await playground.send('Hello')
  await expect(playground.answers.last()).toContainText('Hello from the Hub.', { timeout: 30_000 })
  await playground.expectIdle()

  await next.reload()
  await playground.expectModel('Hub model')
})

test('a file with a wrong hash is refused, in words', async ({ hub, models }) => {
  test.setTimeout(90_000)
  await hub.control.addRepo({ id: REPO, license: 'apache-2.0', files: FILES })
  await hub.control.addFault({
    on: 'data',
    path: SHARD_2,
    effect: { type: 'wrong-bytes', offset: 1_000_000, length: 16 },
  })
  await models.openRepo(REPO)
  await models.download('Q4_K_M')
  const alert = models.card.getByRole('alert')
  await expect(alert).toContainText('arrived damaged and was refused', { timeout: 40_000 })
  await expect(alert).toContainText(SHARD_2)
  await models.show('Storage')
  await expect(models.dialog).toContainText('No model is stored yet')

  await hub.control.clearFaults(null)
  await models.show('Downloads')
  await models.card.getByRole('button', { name: 'Go on' }).click()
  await expect(models.card).toContainText('Ready to load', { timeout: 40_000 })
})

test.describe('a gated model', () => {
  // The browser itself reports the refusals.
  test.use({ expectedErrors: [/401|403/] })

  test('asks for its terms and a token, which goes to the Hub alone', async ({
    page,
    hub,
    models,
  }) => {
    const repo = 'meta-llama/Gated-GGUF'
    await hub.control.addRepo({
      id: repo,
      gated: 'manual',
      license: 'llama3.2',
      authorizedTokens: [TOKEN],
      files: { 'gated-Q8_0.gguf': bytesContent(scriptedGguf(MODEL)) },
    })
    await models.openRepo(`${hub.url}/${repo}/tree/main`)
    const { dialog } = models
    await expect(dialog.getByRole('alert')).toContainText('This model is gated')
    await expect(dialog.getByRole('link', { name: /Read and accept the terms/ })).toHaveAttribute(
      'href',
      `${hub.url}/${repo}`,
    )
    await dialog.getByRole('alert').getByLabel('Access token').fill(TOKEN)
    await dialog.getByRole('alert').getByRole('button', { name: 'Use' }).click()
    await expect(models.row('Q8_0')).toContainText('Fits')

    await models.download('Q8_0')
    await expect(dialog).toContainText('Ready to load')
    const requests = await hub.control.requests(repo)
    const withToken = requests.filter(({ authorization }) => authorization !== null)
    expect(withToken.length).toBeGreaterThan(0)
    expect(new Set(withToken.map(({ host }) => host))).toEqual(new Set(['hub']))
    expect(requests.filter(({ url }) => url.includes(TOKEN))).toEqual([])
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(TOKEN)
  })
})

test('a stored model is inspected, verified again and deleted; each tab is accessible', async ({
  hub,
  models,
  findAxeViolations,
}) => {
  test.setTimeout(120_000)
  const repo = 'Qwen/Qwen2.5-0.5B-Instruct-GGUF'
  await hub.control.addRepo({
    id: repo,
    license: 'apache-2.0',
    files: { 'qwen2.5-0.5b-instruct-q8_0.gguf': bytesContent(scriptedGguf(MODEL)) },
  })
  const { dialog, page } = models
  expect(await findAxeViolations(), 'recommended models, source and access').toEqual([])
  await models.openRepo(`${repo}:Q8_0`)
  await models.row('Q8_0').getByRole('button', { name: 'Q8_0 , details' }).click()
  expect(await findAxeViolations(), 'a repository').toEqual([])
  await models.row('Q8_0').getByRole('button', { name: 'Inspect Q8_0' }).click()
  await expect(dialog.getByRole('tab', { name: 'Tensors' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Back', exact: true }).click()
  await models.download('Q8_0')
  await expect(dialog).toContainText('Ready to load')

  expect(await findAxeViolations(), 'downloads').toEqual([])

  await models.show('Storage')
  expect(await findAxeViolations(), 'storage').toEqual([])
  const row = models.row('Qwen2.5-0.5B-Instruct-GGUF Q8_0')
  const more = row.getByRole('button', { name: /^More for / })
  await more.click()
  await page.getByRole('menuitem', { name: /Verify again/ }).click()
  await expect(page.getByRole('status').first()).toContainText('Every byte is as it should be')
  await more.click()
  await page.getByRole('menuitem', { name: /Delete/ }).click()
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(dialog).toContainText('No model is stored yet')
})
