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
  for (const [name, content] of Object.entries(files)) {
    const handle = await folder.getFileHandle(name, { create: true })
    const writable = await handle.createWritable()
    await writable.write(new Blob([content]))
    await writable.close()
  }
  Object.assign(window, { showDirectoryPicker: async () => folder })
}

afterEach(async () => {
  Reflect.deleteProperty(window, 'showDirectoryPicker')
  const root = await navigator.storage.getDirectory()
  await root.removeEntry(FOLDER, { recursive: true })
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
    .toEqual({ type: 'local', fileNames: ['b.gguf'] })
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
    .toEqual({ type: 'local', fileNames: ['a.gguf'] })
})
