import type { HubContent } from './fixtures/hub-content.ts'
import { startHubServer, type HubServer } from './fixtures/hub-server.ts'
import { expect, test as base } from './fixtures/test.ts'

const REPO = 'someone/Tiny-q4f32_1-MLC'
const text = (content: string): HubContent => ({ type: 'text', text: content })
const FILES: Readonly<Record<string, HubContent>> = {
  'mlc-chat-config.json': text(
    JSON.stringify({
      model_type: 'llama',
      context_window_size: 2048,
      tokenizer_files: ['tokenizer.json'],
      conv_template: { stop_token_ids: [2] },
    }),
  ),
  'tensor-cache.json': text(
    JSON.stringify({ records: [{ dataPath: 'params_shard_0.bin', nbytes: 2_000_000 }] }),
  ),
  'tokenizer.json': text('{}'),
  'tokenizer_config.json': text('{"chat_template": "{{ messages }}"}'),
  'params_shard_0.bin': { type: 'generated', sizeBytes: 2_000_000, seed: 1 },
  'lib.wasm': { type: 'base64', base64: Buffer.from('\0asm\u0001\0\0\0').toString('base64') },
}

const test = base.extend<{ readonly hub: HubServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the dependencies from this pattern
  hub: async ({}, use) => {
    const hub = await startHubServer()
    await use(hub)
    await hub.close()
  },
})

async function openTab({
  page,
  playground,
}: Pick<Parameters<Parameters<typeof test>[2]>[0], 'page' | 'playground'>) {
  await playground.open()
  const dialog = await playground.openModelDialog()
  await dialog.getByRole('tab', { name: 'WebLLM' }).click()
  return { dialog, status: page.getByRole('dialog').getByRole('alert') }
}

test('the list shows, with the plain reason why nothing of it runs here, and fetches nothing', async ({
  page,
  playground,
  context,
  findAxeViolations,
}) => {
  const requests: string[] = []
  context.on('request', (request) => requests.push(request.url()))
  const { dialog } = await openTab({ page, playground })
  await expect(dialog.getByText('WebLLM cannot run here')).toBeVisible()
  await expect(dialog.getByText(/no WebGPU here|no graphics card/)).toBeVisible()
  const list = dialog.getByRole('region', { name: 'Models for WebLLM' })
  await expect(list.getByText('Qwen2.5 1.5B Instruct')).toBeVisible()
  await expect(list.getByText('Llama 3.2 Community License').first()).toBeVisible()
  await expect(
    list.getByRole('button', { name: 'Load Qwen2.5-1.5B-Instruct-q4f16_1-MLC' }),
  ).toBeDisabled()
  expect(await findAxeViolations()).toEqual([])
  const origin = new URL(page.url()).origin
  expect(requests.filter((url) => url.startsWith('http') && !url.startsWith(origin))).toEqual([])
  // The engine's own code least of all: only the service worker may fetch the small worker that would.
  expect(requests.filter((url) => url.includes('/assets/webllm/'))).toEqual([])
})

test('a model of one’s own is checked by its addresses before anything is fetched', async ({
  page,
  playground,
}) => {
  const { dialog } = await openTab({ page, playground })
  const form = dialog.getByRole('region', { name: 'A model of your own' })
  const submit = form.getByRole('button', { name: 'Fetch and load' })
  await expect(submit).toBeDisabled()
  await form.getByRole('checkbox', { name: /^I accept the terms/ }).check()
  await submit.click()
  await expect(form.getByRole('alert')).toHaveText(/Enter owner\/name/)
  await form.getByRole('textbox', { name: 'Model' }).fill('not a model')
  await submit.click()
  await expect(form.getByRole('alert')).toHaveText(/“not a model” is neither/)
  await form.getByRole('textbox', { name: 'Model' }).fill(REPO)
  await form.getByRole('textbox', { name: 'Library' }).fill('https://example.com/lib.zip')
  await submit.click()
  await expect(form.getByRole('alert')).toHaveText(/ends in \.wasm/)
})

test.describe('with a server', () => {
  test.use({ expectedErrors: [/Failed to load resource/] })

  test('a missing and a broken file are named, and a whole model is stored and deleted', async ({
    page,
    playground,
    hub,
  }) => {
    const { 'params_shard_0.bin': shard, ...others } = FILES
    await hub.control.addRepo({ id: REPO, files: others })
    const { dialog, status } = await openTab({ page, playground })
    const form = dialog.getByRole('region', { name: 'A model of your own' })
    await form.getByRole('textbox', { name: 'Model' }).fill(`${hub.url}/${REPO}`)
    await form
      .getByRole('textbox', { name: 'Library' })
      .fill(`${hub.url}/${REPO}/resolve/main/lib.wasm`)
    await form.getByRole('checkbox', { name: /^I accept the terms/ }).check()
    const submit = form.getByRole('button', { name: 'Fetch and load' })

    await submit.click()
    await expect(status).toContainText('params_shard_0.bin is not there')

    await hub.control.addRepo({
      id: REPO,
      files: { ...others, 'params_shard_0.bin': text('<html>Log in</html>') },
    })
    await submit.click()
    await expect(status).toContainText('params_shard_0.bin is not what it should be')
    await expect(status).toContainText('should have 2000000')

    // All files are there now; without a GPU the engine refuses, before it fetches its own code.
    await hub.control.addRepo({
      id: REPO,
      files: { ...others, 'params_shard_0.bin': shard as HubContent },
    })
    await submit.click()
    await expect(status).toContainText('This model cannot run here')
    await expect(status).toContainText(/no WebGPU here|no graphics card/)
    await expect(status).toContainText('Callground Nano is still running')

    await dialog.getByRole('tab', { name: 'Storage' }).click()
    const stored = dialog.getByRole('region', { name: 'Models for WebLLM' })
    await expect(stored.getByText('Tiny-q4f32_1-MLC', { exact: true })).toBeVisible()
    await expect(stored.getByText(/^2\.00 MB/)).toBeVisible()
    await stored.getByRole('button', { name: 'Delete Tiny-q4f32_1-MLC' }).click()
    await stored.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect(stored).toBeHidden()
  })
})
