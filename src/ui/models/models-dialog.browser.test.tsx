import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { bumpedModel } from '../../core/gguf/__fixtures__/bumped-model.ts'
import { headerOf } from '../../core/gguf/__fixtures__/header-of.ts'
import { openTab, type TabOptions } from '../../store/__fixtures__/harness.ts'
import {
  createScriptedHub,
  repoDetails,
  scriptedDownload,
  storedModel,
} from '../../store/__fixtures__/scripted-hub.ts'
import '../theme.css'
import { AppStoreContext } from '../use-app-store.ts'
import { DownloadRing } from '../shell/download-ring.tsx'
import { ModelsDialog, type Inspector } from './models-dialog.tsx'

const REPO = 'Salesforce/xLAM-2-3b-fc-r-gguf'
const NAME = 'xLAM-2-3b-fc-r-gguf Q4_K_M'

const FakeInspector: Inspector = ({ name, header, otherShards }) => (
  <p>{`Inside ${name}: ${header.architecture}, ${otherShards.length + 1} files`}</p>
)

async function openDialog(deps: TabOptions['deps'] = {}) {
  await page.viewport(1200, 800)
  const hub = createScriptedHub()
  hub.repos.set(
    REPO,
    repoDetails(REPO, {
      Q2_K: { sizeBytes: 50_000_000 },
      Q4_K_M: { sizeBytes: 1_929_902_656 },
      F16: { sizeBytes: 6_178_316_864 },
    }),
  )
  const header = await headerOf(bumpedModel({ bumpedLayers: [0] }))
  for (const label of ['Q2_K', 'Q4_K_M', 'F16']) {
    hub.headers.set(`xLAM-2-3b-fc-r-gguf-${label}.gguf`, header)
  }
  const { store } = openTab({ deps: { openHub: hub.open, ...deps } })
  await store.hydrate()
  await store.getState().loadBuiltInModel()
  await store.followDownloads()
  store.getState().showModels('find')
  await render(
    <AppStoreContext value={store}>
      <DownloadRing />
      <ModelsDialog onClose={() => undefined} inspector={FakeInspector} />
    </AppStoreContext>,
  )
  return { hub, store }
}

const tab = (name: string) => page.getByRole('tab', { name })
const button = (name: string | RegExp) => page.getByRole('button', { name })

async function openRepo() {
  await page.getByRole('searchbox', { name: 'Search the Hub' }).fill(REPO)
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByText('Pinned to commit')).toBeVisible()
}

describe('finding', () => {
  it('shows recommended models with their licenses, and opens one', async () => {
    await openDialog()
    const model = button(/^xLAM-2 3b 3B CC BY-NC 4.0, research only/)
    await expect.element(model).toBeVisible()
    await model.click()
    await expect.element(page.getByRole('heading', { name: REPO })).toBeVisible()
  })

  it('finds by words, and says what it could not find', async () => {
    await openDialog()
    const box = page.getByRole('searchbox', { name: 'Search the Hub' })
    await box.fill('xlam')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await expect.element(button(new RegExp(`^${REPO}`))).toHaveTextContent('1,234')
    await box.fill('no/body')
    await button('Open').click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('no such repository')
    await expect.element(page.getByRole('alert').getByLabelText('Access token')).toBeVisible()
  })

  it('shows the verdict with its numbers, and recommends one quantization', async () => {
    await openDialog()
    await openRepo()
    const row = page.getByRole('row').filter({ hasText: 'Recommended' })
    await expect.element(row).toHaveTextContent(/Q4_K_M.*1\.93 GB.*Fits/)
    await expect
      .element(page.getByRole('row').filter({ hasText: 'F16' }).first())
      .toHaveTextContent('Will not fit')
    await button('Q4_K_M , details').click()
    const numbers = page.getByRole('table', { name: 'What has to fit into what' })
    await expect.element(numbers).toHaveTextContent(/The engine’s memory.*4\.29 GB/)
  })

  it('hands what a header says to the inspector, and comes back', async () => {
    await openDialog()
    await openRepo()
    await button('Inspect Q4_K_M').click()
    await expect.element(page.getByText(`Inside ${REPO} Q4_K_M: qwen2, 1 files`)).toBeVisible()
    await expect.element(page.getByRole('heading', { name: `${REPO} Q4_K_M` })).toHaveFocus()
    await button('Back').click()
    await expect.element(page.getByRole('heading', { name: REPO })).toBeVisible()
    await expect.element(button('Inspect Q4_K_M')).toHaveFocus()
  })

  it('goes with the focus into a repository and back to where one was', async () => {
    await openDialog()
    const model = page.getByRole('button', { name: /^Qwen2\.5 0\.5B/ })
    await model.click()
    const heading = page.getByRole('heading', { name: /Qwen2\.5-0\.5B/ })
    await expect.element(heading).toHaveFocus()
    await expect.element(heading).toBeInViewport()
    await expect.element(model).not.toBeInTheDocument()
    await button('Back to the search').click()
    await expect.element(model).toHaveFocus()
    await expect.element(model).toBeInViewport()
  })

  it('begins each tab at its top', async () => {
    await page.viewport(600, 500)
    await openDialog()
    const search = page.getByRole('searchbox', { name: 'Search the Hub' })
    await expect.element(search).toBeInViewport()
    page.getByText('Recommended for calling tools').element().scrollIntoView()
    await expect.element(search).not.toBeInViewport()
    await tab('WebLLM').click()
    await tab('Find').click()
    await expect.element(search).toBeInViewport()
  })
})

describe('before a download', () => {
  it('the terms must be accepted once, and large ones are asked for', async () => {
    const { hub } = await openDialog()
    await openRepo()
    await button('Download Q2_K').click()
    const ask = page.getByRole('region', { name: 'Download 50.0 MB?' })
    await expect.element(ask).toHaveTextContent('For research only')
    await expect.element(ask.getByRole('button', { name: 'Download' })).toBeDisabled()
    await ask.getByRole('checkbox', { name: 'I accept the terms of this model' }).click()
    await ask.getByRole('button', { name: 'Download' }).click()
    await expect.poll(() => hub.started.map(({ quantization }) => quantization)).toEqual(['Q2_K'])

    await tab('Find').click()
    await button('Download Q4_K_M').click()
    const second = page.getByRole('region', { name: 'Download 1.93 GB?' })
    await expect.element(second).toHaveTextContent('57.0 GB')
    await expect.element(second.getByRole('checkbox')).not.toBeInTheDocument()
    await second.getByRole('button', { name: 'Cancel' }).click()
    await expect.element(second).not.toBeInTheDocument()
    expect(hub.started).toHaveLength(1)
  })
})

describe('downloads', () => {
  it('show bytes, rate and time left, and can be paused', async () => {
    const { hub } = await openDialog()
    await tab('Downloads').click()
    hub.tell([scriptedDownload({ id: 'd', state: { type: 'running', wait: null } })])
    const card = page.getByRole('region', { name: NAME })
    await expect.element(card).toHaveTextContent('500 MB of 2.00 GB, 400 MB verified')
    await expect.element(card).toHaveTextContent('12.0 MB/s, 3 min left')
    // Behind the dialog.
    const ring = page.getByRole('button', {
      name: 'Downloads: 25 percent, running',
      includeHidden: true,
    })
    await expect.element(ring).toBeInTheDocument()
    await button(`Pause ${NAME}`).click()
    await expect.poll(() => hub.commands).toContain('pause d')
    hub.tell([scriptedDownload({ id: 'd', state: { type: 'paused' } })])
    await button(`Resume ${NAME}`).click()
    await expect.poll(() => hub.commands).toContain('resume d')
  })

  it('asks before it discards, with the focus on the safe answer', async () => {
    const { hub } = await openDialog()
    await tab('Downloads').click()
    hub.tell([scriptedDownload({ id: 'd', state: { type: 'paused' } })])
    await button(`Cancel ${NAME}`).click()
    await expect.element(button('Keep')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(button('Keep')).not.toBeInTheDocument()
    expect(hub.commands).not.toContain('cancel d')
    await button(`Cancel ${NAME}`).click()
    await button('Discard').click()
    await expect.poll(() => hub.commands).toContain('cancel d')
  })

  it('say why one stopped and lead to the next step', async () => {
    const { hub } = await openDialog()
    await tab('Downloads').click()
    const error = {
      kind: 'no-space',
      neededBytes: 2e9,
      availableBytes: 1e9,
      missingBytes: 1e9,
    } as const
    hub.tell([scriptedDownload({ id: 'd', state: { type: 'failed', error } })])
    const alert = page.getByRole('alert')
    await expect.element(alert).toHaveTextContent('1.00 GB of space are missing')
    await alert.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => hub.commands).toContain('retry d')
    await alert.getByRole('button', { name: 'Show what is stored' }).click()
    await expect.element(tab('Storage')).toHaveAttribute('aria-selected', 'true')
  })

  it('one that is done is loaded from there', async () => {
    const { hub, store } = await openDialog()
    hub.models.push(storedModel({ id: 'd' }))
    await tab('Downloads').click()
    hub.tell([scriptedDownload({ id: 'd', state: { type: 'done' } })])
    await button(`Load ${NAME}`).click()
    await expect.poll(() => store.getState().modelSource).toMatchObject({ type: 'stored', id: 'd' })
    await tab('Running').click()
    await expect.element(page.getByText('CC BY-NC 4.0, research only')).toBeVisible()
  })
})

describe('storage', () => {
  it('lists models and broken ones, and deletes after a question', async () => {
    const { hub } = await openDialog()
    hub.models.push(storedModel({ id: 'a' }), {
      type: 'broken',
      id: 'b',
      sizeBytes: 10,
      model: null,
      reason: 'unreadable',
      files: [],
    })
    hub.leftovers.push({ id: 'old', sizeBytes: 5e8, download: null, isInUse: false })
    await tab('Storage').click()
    await expect.element(page.getByRole('meter', { name: 'Storage used' })).toBeVisible()
    await expect.element(page.getByText('Broken')).toBeVisible()
    await expect.element(page.getByText('500 MB')).toBeVisible()

    await button(`More for ${NAME}`).click()
    await page.getByRole('menuitem', { name: /^Delete/ }).click()
    await expect.element(page.getByText(`Delete ${NAME}, 1.93 GB?`)).toBeVisible()
    await button('Delete').first().click()
    await expect.element(button(`Load ${NAME}`)).not.toBeInTheDocument()
    await expect.element(page.getByText('Broken')).toBeVisible()

    await button('Delete old').click()
    await page
      .getByRole('group', { name: 'Delete 500 MB?' })
      .getByRole('button', { name: 'Delete' })
      .click()
    await expect.element(page.getByRole('heading', { name: 'Leftovers' })).not.toBeInTheDocument()
  })

  it('tells of a stored model where it will compute, before it is loaded', async () => {
    const { hub, store } = await openDialog()
    hub.models.push(storedModel({ id: 'a' }))
    store.getState().showModels('storage')
    await expect
      .element(page.getByText('Will run on the CPU with 1 thread: a model this small'))
      .toBeVisible()
  })

  it('asks for the terms before an MLC model is fetched for the first time', async () => {
    const { store } = await openDialog({
      readWebllmSupport: async () => ({ type: 'usable', adapter: 'acme', hasShaderF16: true }),
    })
    store.getState().showModels('webllm')
    const load = button('Load Llama-3.2-1B-Instruct-q4f16_1-MLC')
    await load.click()
    const ask = page.getByRole('region', { name: 'Fetch Llama-3.2-1B-Instruct-q4f16_1-MLC' })
    const fetchIt = ask.getByRole('button', { name: 'Fetch and load' })
    await expect.element(ask.getByText('Llama 3.2 Community License')).toBeVisible()
    await expect.element(fetchIt).toBeDisabled()
    await ask.getByRole('button', { name: 'Cancel' }).click()
    expect(store.getState().modelStatus).toEqual({ type: 'ready' })
    await load.click()
    await ask.getByRole('checkbox', { name: 'I accept the terms of this model' }).click()
    await fetchIt.click()
    await expect.poll(() => Object.keys(store.getState().acceptedTerms)).toHaveLength(1)
    await expect.poll(() => store.getState().modelStatus.type).not.toBe('ready')
    // The other quantization is of the same model: it asks for the bytes alone.
    await expect.element(button('Load Llama-3.2-1B-Instruct-q4f32_1-MLC')).toBeEnabled()
    await button('Load Llama-3.2-1B-Instruct-q4f32_1-MLC').click()
    await expect.element(button('Fetch and load').first()).toBeEnabled()
    await expect
      .element(
        page.getByRole('checkbox', { name: 'I accept the terms of this model', exact: true }),
      )
      .not.toBeInTheDocument()
  })
})
