import type { Page } from '@playwright/test'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { dropFiles, modelFile, textFile, type TestFile } from './fixtures/playground.ts'
import type { Playground } from './fixtures/playground.ts'
import { scriptedGguf, scriptedShards } from './fixtures/scripted-gguf.ts'
import { scriptTemplate } from './fixtures/script-templates.ts'
import { expect, test } from './fixtures/test.ts'

const MODEL = { template: scriptTemplate(), script: ['Hello from ', 'the file.'], name: 'Local' }

async function expectAnswer(playground: Playground, text: string): Promise<void> {
  const answer = await playground.ask('Hello')
  await expect(answer).toContainText(text)
}

/** The failed load is told, and the built-in model goes on. */
async function expectFailure(playground: Playground, message: RegExp): Promise<void> {
  const dialog = playground.page.getByRole('dialog', { name: 'Model' })
  const alert = dialog.getByRole('alert')
  await expect(alert).toContainText(message)
  await expect(alert).toContainText('Callground Nano is still running.')
  await alert.getByRole('button', { name: 'Dismiss' }).click()
  await expect(alert).toHaveCount(0)
}

/** As in a browser that has only the plain file field. */
async function withoutFilePicker(page: Page): Promise<void> {
  await page.addInitScript(() => Object.assign(window, { showOpenFilePicker: undefined }))
}

test('a file is opened with the file chooser, and asked for again after a reload', async ({
  page,
  playground,
}) => {
  await withoutFilePicker(page)
  await playground.open()
  const dialog = await playground.openModelDialog()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    dialog.getByRole('button', { name: 'Open files…' }).click(),
  ])
  expect(chooser.isMultiple()).toBe(true)
  await chooser.setFiles([modelFile(scriptedGguf(MODEL))])
  await expect(dialog.getByRole('heading', { name: 'Local Running' })).toBeVisible()
  await playground.closeDialog()
  await playground.expectModel('Local')
  await expectAnswer(playground, 'Hello from the file.')

  await page.reload()
  await playground.expectModel('Callground Nano')
  const notice = playground.notices.getByRole('group', { name: /Local must be chosen again/ })
  await expect(notice).toContainText('scripted.gguf')
  await notice.getByRole('button', { name: 'Choose files' }).click()
  await expect(dialog.getByRole('region', { name: 'Opened before' })).toContainText(
    'To be chosen again: scripted.gguf',
  )
  await dialog.getByLabel('GGUF files').setInputFiles([modelFile(scriptedGguf(MODEL))])
  await expect(dialog.getByRole('heading', { name: 'Local Running' })).toBeVisible()
  await expect(dialog.getByRole('region', { name: 'Opened before' })).toHaveCount(0)
})

test('a folder is dropped from the disk; its models are told apart and there again after a reload', async ({
  page,
  playground,
}, testInfo) => {
  const folder = testInfo.outputPath('models')
  const files = ['old', 'new'].map((name) => join(folder, name, 'model.gguf'))
  for (const [index, file] of files.entries()) {
    await mkdir(dirname(file), { recursive: true })
    const name = index === 0 ? 'The old one' : 'The new one'
    await writeFile(file, scriptedGguf({ ...MODEL, name }))
  }
  await playground.open()
  await dropFromDisk(page, [folder])
  const dialog = page.getByRole('dialog', { name: 'Model' })
  const choice = dialog.getByRole('region', { name: 'Models to choose from' })
  await expect(choice).toContainText('2 models: which one?')
  await expect(choice).toBeInViewport({ ratio: 0.9 })
  await choice.getByRole('button', { name: 'Open model in old' }).click()
  await expect(dialog.getByRole('heading', { name: 'The old one Running' })).toBeVisible()
  await dropFromDisk(page, [folder])
  await choice.getByRole('button', { name: 'Open model in new' }).click()
  await expect(dialog.getByRole('heading', { name: 'The new one Running' })).toBeVisible()

  await page.reload()
  await playground.expectModel('The new one')
  await expect(playground.notices.getByRole('group')).toHaveCount(0)
  await expectAnswer(playground, 'Hello from the file.')

  await writeFile(files[1] ?? '', scriptedGguf({ ...MODEL, name: 'Another one' }))
  await page.reload()
  await playground.expectModel('Callground Nano')
  await expect(playground.notices).toContainText('new/model.gguf has changed since it was opened')
  await rm(folder, { recursive: true })
  await page.reload()
  await playground.expectModel('Callground Nano')
  await expect(playground.notices).toContainText('new/model.gguf is not where it was')
})

test('a browser that drops folders without handles finds their models too', async ({
  page,
  playground,
}, testInfo) => {
  await page.addInitScript(() =>
    Object.assign(DataTransferItem.prototype, { getAsFileSystemHandle: undefined }),
  )
  const folder = testInfo.outputPath('models')
  for (const name of ['old', 'new']) {
    await mkdir(join(folder, name), { recursive: true })
    const model = scriptedGguf({ ...MODEL, name: `The ${name} one` })
    await writeFile(join(folder, name, 'model.gguf'), model)
  }
  await playground.open()
  await dropFromDisk(page, [folder])
  const dialog = page.getByRole('dialog', { name: 'Model' })
  await dialog.getByRole('button', { name: 'Open model in new' }).click()
  await expect(dialog.getByRole('heading', { name: 'The new one Running' })).toBeVisible()
  await page.reload()
  await expect(playground.notices).toContainText('The file of The new one must be chosen again')
  await expect(playground.notices).toContainText('new/model.gguf')
})

/** As from the desktop: with real files behind it, which the page may ask for again. */
async function dropFromDisk(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data })
  }
  await session.detach()
}

test('a file is dropped anywhere on the page', async ({ page, playground }) => {
  await playground.open()
  await dropFiles(playground.chat, [modelFile(scriptedGguf(MODEL))])
  const dialog = page.getByRole('dialog', { name: 'Model' })
  await expect(dialog.getByRole('heading', { name: 'Local Running' })).toBeVisible()
  await playground.closeDialog()
  await expectAnswer(playground, 'Hello from the file.')
})

test('shards load in any order; a missing one is named', async ({ page, playground }) => {
  const [first, second] = scriptedShards(MODEL)
  const files = [
    modelFile(second, 'local-00002-of-00002.gguf'),
    modelFile(first, 'local-00001-of-00002.gguf'),
  ]
  await playground.open()
  await playground.chooseModelFiles(files.slice(1))
  await expectFailure(playground, /missing: local-00002-of-00002\.gguf/)

  const dialog = page.getByRole('dialog', { name: 'Model' })
  await dialog.getByLabel('GGUF files').setInputFiles([...files])
  await expect(dialog.getByRole('heading', { name: 'Local Running' })).toBeVisible()
  await playground.closeDialog()
  await expectAnswer(playground, 'Hello from the file.')
})

test('what is no model is refused in words of its own, and the running model goes on', async ({
  page,
  playground,
}) => {
  const model = scriptedGguf(MODEL)
  const safetensors = Buffer.concat([
    Buffer.from([64, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from('{"weight": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]}}'),
  ])
  const refused: readonly (readonly [TestFile, RegExp])[] = [
    [textFile('page.gguf', '<!doctype html><title>Log in</title>'), /web page.*login/],
    [modelFile(safetensors, 'model.safetensors'), /safetensors weights: convert/],
    [
      textFile('lfs.gguf', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'),
      /Git LFS pointer/,
    ],
    [textFile('empty.gguf', ''), /It is empty/],
    [modelFile(model.subarray(0, model.length - 5000), 'half.gguf'), /incomplete.*MB of .* MB/s],
    [modelFile(model.subarray(0, 3000), 'start.gguf'), /incomplete/],
    [modelFile(garbage(model.subarray(0, 4), 40_000), 'garbage.gguf'), /damaged|cannot be read/],
    [modelFile(withoutTokenizer(model), 'broken.gguf'), /damaged|cannot run here/],
  ]
  await playground.open()
  const dialog = await playground.openModelDialog()
  for (const [file, message] of refused) {
    await test.step(file.name, async () => {
      await dialog.getByLabel('GGUF files').setInputFiles([file])
      await expect(dialog.getByRole('alert').or(dialog.getByText(/failed/))).toBeVisible()
      await expectFailure(playground, message)
    })
  }
  await playground.closeDialog()
  await playground.expectModel('Callground Nano')
  await playground.examples
    .getByRole('button', { name: /one call/ })
    .first()
    .click()
  await playground.expectAnswers(1)
  await playground.call(1).expectStatus('Waiting for a result')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a model whose weights are noise cannot take the page down', async ({ playground }) => {
  const model = scriptedGguf(MODEL)
  const half = Math.floor(model.length / 2)
  await playground.open()
  const dialog = await playground.chooseModelFiles([
    modelFile(garbage(model.subarray(0, half), model.length - half), 'noise.gguf'),
  ])
  const running = dialog.getByRole('heading', { name: 'Local Running' })
  await expect(running.or(dialog.getByRole('alert'))).toBeVisible()
  if (await running.isVisible()) {
    await playground.closeDialog()
    await playground.set('Max tokens', 8)
    await playground.ask('Hello')
    await playground.openModelDialog()
    await dialog.getByRole('button', { name: 'Load', exact: true }).click()
  }
  await expect(dialog.getByRole('heading', { name: 'Callground Nano Running' })).toBeVisible()
  await playground.closeDialog()
  await playground.newChat()
  await playground.examples
    .getByRole('button', { name: /one call/ })
    .first()
    .click()
  await playground.expectAnswers(1)
  await playground.call(1).expectStatus('Waiting for a result')
})

test('a load can be cancelled, and the running model goes on', async ({ playground }) => {
  await playground.open()
  // Large enough that reading it takes a while.
  const dialog = await playground.chooseModelFiles([
    modelFile(scriptedGguf({ ...MODEL, idleWeights: 60_000_000 })),
  ])
  const loading = dialog.getByRole('region', { name: 'Loading' })
  await expect(loading.getByRole('progressbar')).toBeVisible()
  await loading.getByRole('button', { name: 'Cancel' }).click()
  await expect(loading).toHaveCount(0)
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await expect(dialog.getByRole('heading', { name: 'Callground Nano Running' })).toBeVisible()
  await playground.closeDialog()
  await playground.examples
    .getByRole('button', { name: /one call/ })
    .first()
    .click()
  await playground.expectAnswers(1)
  await playground.call(1).expectStatus('Waiting for a result')
})

/** The start, then bytes without order, the same in every run. */
function garbage(start: Uint8Array, length: number): Uint8Array {
  let state = 12_345
  const noise = Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 24
  })
  return Buffer.concat([start, noise])
}

/** A file that is as long as its header says, which only the engine can find wanting. */
function withoutTokenizer(model: Uint8Array): Uint8Array {
  const key = Buffer.from('tokenizer.ggml.tokens')
  const copy = Buffer.from(model)
  copy.write('tokenizer.ggml.tokenz', copy.indexOf(key))
  return copy
}
