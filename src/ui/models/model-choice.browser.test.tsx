import { afterEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { writeGguf } from '../../core/gguf/__fixtures__/write-gguf.ts'
import { openTab } from '../../store/__fixtures__/harness.ts'
import { createScriptedHub } from '../../store/__fixtures__/scripted-hub.ts'
import '../theme.css'
import { AppStoreContext } from '../use-app-store.ts'
import { ModelsDialog } from './models-dialog.tsx'

const FOLDER = 'model-choice-test'

const MODEL = writeGguf({
  metadata: { 'general.architecture': { type: 'string', value: 'llama' } },
  tensors: [{ name: 'w', shape: [64], type: 'f32' }],
}) as BlobPart

/** A real folder for the app's dialog to return: that of the browser takes a person. */
async function pickable(files: Readonly<Record<string, BlobPart>>): Promise<void> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(FOLDER, { create: true })
  for (const [path, content] of Object.entries(files)) {
    const names = path.split('/')
    const name = names.pop() ?? ''
    let inside = folder
    for (const part of names) inside = await inside.getDirectoryHandle(part, { create: true })
    const handle = await inside.getFileHandle(name, { create: true })
    const writable = await handle.createWritable()
    await writable.write(new Blob([content]))
    await writable.close()
  }
  Object.assign(window, { showDirectoryPicker: async () => folder })
}

afterEach(async () => {
  Reflect.deleteProperty(window, 'showDirectoryPicker')
  const root = await navigator.storage.getDirectory()
  for await (const { name } of root.values()) {
    if (name === FOLDER) await root.removeEntry(name, { recursive: true })
  }
})

async function openDialog(tab: 'running' | 'storage') {
  const hub = createScriptedHub()
  const { store } = openTab({ deps: { openHub: hub.open } })
  await store.hydrate()
  await store.getState().loadBuiltInModel()
  store.getState().showModels(tab)
  await render(
    <AppStoreContext value={store}>
      <ModelsDialog onClose={() => undefined} inspector={() => null} />
    </AppStoreContext>,
  )
  return { hub, store }
}

const button = (name: string) => page.getByRole('button', { name })

it('lets the user choose one model of a folder to open', async () => {
  await pickable({ 'a.gguf': MODEL, 'b.gguf': MODEL, 'c.gguf': 'no model', 'notes.txt': 'x' })
  const { store } = await openDialog('running')
  await button('Open a folder…').click()
  const choice = page.getByRole('region', { name: 'Models to choose from' })
  await expect.element(choice).toHaveTextContent('3 models: which one?')
  await expect.element(choice).toHaveTextContent('c.gguf is not a GGUF file')
  await expect.element(button('Open c')).toBeDisabled()
  await button('Open b').click()
  await expect.element(choice).not.toBeInTheDocument()
  await expect
    .poll(() => store.getState().modelSource)
    .toMatchObject({ type: 'local', files: [{ path: 'b.gguf' }] })
})

it('tells models of one name apart by their folders, and opens either', async () => {
  await pickable({
    'tiny/model.gguf': MODEL,
    'publisher/large/model.gguf': MODEL,
    '.trash/model.gguf': MODEL,
    'a/b/c/d/too-deep.gguf': MODEL,
  })
  const { store } = await openDialog('running')
  for (const folder of ['tiny', 'publisher/large']) {
    await button('Open a folder…').click()
    const choice = page.getByRole('region', { name: 'Models to choose from' })
    await expect.element(choice).toHaveTextContent('2 models: which one?')
    await expect.element(choice).toHaveTextContent(`in ${folder}`)
    await button(`Open model in ${folder}`).click()
    await expect
      .poll(() => store.getState().modelSource)
      .toMatchObject({ files: [{ path: `${folder}/model.gguf` }] })
  }
})

it('says so when there is no model in a folder', async () => {
  await pickable({ 'notes.txt': 'x' })
  const { store } = await openDialog('running')
  const asked: number[] = []
  store.setState({ openModelFiles: async (files) => void asked.push(files.length) })
  await button('Open a folder…').click()
  await expect.poll(() => asked).toEqual([0])
})

it('looks into models one after the other without loading them', async () => {
  const { store } = await openDialog('running')
  const file = (name: string, content: BlobPart) => new File([content], name)
  const choose = (files: readonly File[]) => {
    const field = page.getByLabelText('Files to look into').element() as HTMLInputElement
    const data = new DataTransfer()
    for (const one of files) data.items.add(one)
    field.files = data.files
    field.dispatchEvent(new Event('change', { bubbles: true }))
  }
  choose([file('a.gguf', MODEL), file('b.gguf', 'no model')])
  await button('Inspect a').click()
  await expect
    .poll(() => store.getState().inspection)
    .toMatchObject({ name: 'a.gguf', check: { type: 'read' } })
  await button('Back').click()
  await button('Inspect b').click()
  await expect.poll(() => store.getState().inspection).toMatchObject({ check: { type: 'failed' } })
  expect(store.getState().modelSource).toEqual({ type: 'built-in' })
})

it('files of the browser’s own dialog are remembered by their handles', async () => {
  await pickable({ 'a.gguf': MODEL })
  const root = await navigator.storage.getDirectory()
  const handle = await (await root.getDirectoryHandle(FOLDER)).getFileHandle('a.gguf')
  Object.assign(window, { showOpenFilePicker: async () => [handle] })
  try {
    const { store } = await openDialog('running')
    await button('Open files…').click()
    await expect
      .poll(() => store.getState().lastModel)
      .toMatchObject({ type: 'local', handlesId: expect.any(String) as string })
  } finally {
    Reflect.deleteProperty(window, 'showOpenFilePicker')
  }
})

it('offers the files of before', async () => {
  const { store } = await openDialog('running')
  const last = {
    type: 'local',
    name: 'Of before',
    handlesId: 'gone',
    files: [{ path: 'x/a.gguf', sizeBytes: 1, modifiedAtMs: 1 }],
    before: null,
  } as const
  store.setState({ lastModel: last })
  const offer = page.getByRole('region', { name: 'Opened before' })
  await expect.element(offer).toHaveTextContent('x/a.gguf')
  await button('Open Of before again').click()
  await expect
    .element(page.getByRole('alert'))
    .toHaveTextContent('The file of Of before must be chosen again')
  store.setState({ lastModel: { ...last, handlesId: null } })
  await expect.element(offer).toHaveTextContent('To be chosen again: x/a.gguf')
  await expect.element(button('Open Of before again')).not.toBeInTheDocument()
})

it('lets the user choose one to import, or none', async () => {
  await pickable({ 'a.gguf': MODEL, 'b.gguf': MODEL })
  const { hub } = await openDialog('storage')
  await button('Import a folder…').click()
  await button('Cancel').click()
  await expect
    .element(page.getByRole('button', { name: 'Import a', exact: true }))
    .not.toBeInTheDocument()
  expect(hub.models).toEqual([])
  await button('Import a folder…').click()
  await page.getByRole('button', { name: 'Import a', exact: true }).click()
  await expect.poll(() => hub.models.map(({ id }) => id)).toEqual(['a'])
})

it('opens the only model of a folder at once', async () => {
  await pickable({ 'a.gguf': MODEL })
  const { store } = await openDialog('running')
  await button('Open a folder…').click()
  await expect
    .poll(() => store.getState().modelSource)
    .toMatchObject({ type: 'local', files: [{ path: 'a.gguf' }] })
})
