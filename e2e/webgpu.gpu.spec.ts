import type { Browser, Locator, Page } from '@playwright/test'
import { BUILT_IN_MODEL, type Playground } from './fixtures/playground.ts'
import { expect, test } from './fixtures/test.ts'

// What runs on a GPU, on a software adapter: `scripts/software-gpu.mjs`. One page for all of it, as shaders compile for long.

const REFERENCES = 'callground:selfTestReferences'
const QUESTION = 'Ping example.com'

/** Greedy, so that the answers can be compared; short, as this GPU is slow. */
async function setGreedy(playground: Playground): Promise<void> {
  await playground.set('Temperature', 0)
  await playground.set('Max tokens', 24)
}

async function loadAgain(playground: Playground, gpuLayers: number): Promise<void> {
  const dialog = await playground.openSettings()
  await dialog.getByRole('spinbutton', { name: 'GPU layers', exact: true }).fill(String(gpuLayers))
  const forecast = dialog.getByRole('group', { name: 'Where it will compute' })
  await expect(forecast).toContainText(/Will run on the GPU \(.+\) with/)
  await dialog.getByRole('button', { name: 'Load again with these' }).click()
  await expect(dialog.getByRole('button', { name: 'Loading…' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Load again with these' })).toBeVisible()
  await playground.closeDialog()
}

async function expectBackend(playground: Playground, backend: RegExp): Promise<void> {
  await expect(playground.modelChip).toHaveAccessibleName(
    new RegExp(`^Model: ${BUILT_IN_MODEL}\\. .*${backend.source}`),
  )
}

test('a GPU computes what the CPU does, and is distrusted when it does not', async ({
  page,
  playground,
}) => {
  await playground.open()
  await setGreedy(playground)
  await playground.ask(QUESTION)
  const onCpu = await playground.readRaw()

  await test.step('all layers on the GPU, checked against the CPU, the same answer', async () => {
    await loadAgain(playground, 99)
    await expectBackend(playground, /WebGPU, (\d+) of \1 layers/)
    const dialog = await playground.openModelDialog()
    // The engine's own log, as shown.
    await expect(dialog).toContainText(/offloaded (\d+)\/\1 layers to GPU/)
    await expect(dialog).toContainText(/WebGPU model buffer size = +[\d.]+ MiB/)
    const selfTest = dialog.getByText(/^Self-test passed: \d of 8 top tokens as on the CPU/)
    await expect(selfTest).toBeVisible()
    test.info().annotations.push({ type: 'self-test', description: await textOf(selfTest) })
    await playground.closeDialog()
    await playground.newChat()
    await playground.ask(QUESTION)
    expect(await playground.readRaw()).toBe(onCpu)
  })

  await test.step('other numbers than the CPU’s: the CPU computes, and the reason is kept', async () => {
    await page.evaluate((key) => {
      const saved = JSON.parse(localStorage.getItem(key) ?? 'null')
      // The likeliest token and the least likely of those told trade places.
      for (const reference of saved.value)
        for (const place of reference.positions) {
          const ids = place.map(({ id }: { id: number }) => id).toReversed()
          place.forEach((token: { id: number }, index: number) => (token.id = ids[index]))
        }
      localStorage.setItem(key, JSON.stringify(saved))
    }, REFERENCES)
    await loadAgain(playground, 99)
    await expectBackend(playground, /CPU, \d/)
    await expect(playground.notices).toContainText(
      `${BUILT_IN_MODEL} runs on the CPU: the GPU computed wrong numbers`,
    )
    const dialog = await playground.openModelDialog()
    await expect(dialog).toContainText('The GPU computed wrong numbers in the self-test')
    await expect(dialog).toContainText(
      /Self-test failed on .+: [0-6] of 8 top tokens as on the CPU/,
    )
    await playground.closeDialog()
    await playground.newChat()
    await playground.ask(QUESTION)
    expect(await playground.readRaw()).toBe(onCpu)
    await page.evaluate((key) => localStorage.removeItem(key), REFERENCES)
  })

  await test.step('it is left alone at the next load, and tried again when asked', async () => {
    const settings = await playground.openSettings()
    await expect(settings.getByRole('group', { name: 'Where it will compute' })).toContainText(
      'the GPU computed wrong numbers for this model in an earlier self-test',
    )
    await settings.getByRole('button', { name: 'Load again with these' }).click()
    await expect(settings.getByRole('button', { name: 'Loading…' })).toBeVisible()
    await expect(settings.getByRole('button', { name: 'Load again with these' })).toBeVisible()
    await playground.closeDialog()
    await expectBackend(playground, /CPU, \d/)
    const dialog = await playground.openModelDialog()
    await expect(dialog).toContainText('The GPU computed wrong numbers in an earlier self-test')
    await expect(dialog).toContainText(
      /Self-test failed on .+: [0-6] of 8 top tokens as on the CPU/,
    )
    await dialog.getByRole('button', { name: 'Try the GPU again' }).click()
    await expect(dialog.getByText(/^Self-test passed: \d of 8 top tokens/)).toBeVisible()
    await playground.closeDialog()
    await expectBackend(playground, /WebGPU, (\d+) of \1 layers/)
  })
})

test.describe('a GPU that goes away', () => {
  // What the engine's own worker says of its end.
  test.use({ expectedErrors: [/RuntimeError: unreachable|Instance reference no longer exists/] })

  test('the conversation stays, and one click goes on with fewer layers or on the CPU', async ({
    page,
    playground,
    browser,
  }) => {
    await playground.open()
    await setGreedy(playground)
    await playground.ask(QUESTION)
    const onCpu = await playground.readRaw()
    await loadAgain(playground, 99)
    const alert = playground.chat.getByRole('alert')
    const isLost = /The GPU stopped working for this page.*Your conversation is safe/

    await test.step('in mid-answer', async () => {
      await loseDeviceAtNextCommand(page)
      await playground.send('And example.org')
      await expect(alert).toContainText(isLost)
      await expect(playground.modelChip).toHaveAccessibleName(/Could not be loaded/)
      await expect(playground.answers).toHaveCount(2)
      await expect(playground.answers.first()).toContainText('Call 1:ping')
    })

    await test.step('one click: fewer layers, and the same conversation goes on', async () => {
      await alert.getByRole('button', { name: 'Load with 2 GPU layers' }).click()
      await expectBackend(playground, /WebGPU, 2 of 5 layers/)
      await alert.getByRole('button', { name: 'Try again' }).click()
      await playground.expectIdle()
      await expect(alert).toBeHidden()
      await expect(playground.answers).toHaveCount(2)
      await expect(playground.answers.last()).not.toContainText('Failed')
      expect(await playground.readRaw()).not.toBe('')
    })

    await test.step('between two answers, the GPU’s process and all', async () => {
      await killGpuProcess(browser)
      await playground.send('Thanks')
      await expect(alert).toContainText(isLost)
      await expect(playground.answers).toHaveCount(3)
    })

    await test.step('one click: the CPU', async () => {
      await alert.getByRole('button', { name: 'Load on the CPU' }).click()
      await expectBackend(playground, /CPU, \d/)
      await alert.getByRole('button', { name: 'Try again' }).click()
      await playground.expectIdle()
      await expect(alert).toBeHidden()
      await expect(playground.answers).toHaveCount(3)
      await expect(playground.answers.last()).not.toContainText('Failed')
    })

    await test.step('the answer from before is as it was', async () => {
      await playground.answers.first().click()
      expect(await playground.readRaw()).toBe(onCpu)
    })
  })
})

/** Destroys the device of the engine under its next command. */
async function loseDeviceAtNextCommand(page: Page): Promise<void> {
  const hooked = page.workers().map((worker) =>
    worker.evaluate(() => {
      type Device = {
        createCommandEncoder: (this: Device, ...args: unknown[]) => unknown
        destroy: () => void
      }
      const { prototype } = Reflect.get(globalThis, 'GPUDevice') as { readonly prototype: Device }
      const { createCommandEncoder } = prototype
      prototype.createCommandEncoder = function (this: Device, ...args) {
        prototype.createCommandEncoder = createCommandEncoder
        this.destroy()
        return createCommandEncoder.apply(this, args)
      }
    }),
  )
  await Promise.all(hooked)
}

/** As a driver that crashes does. */
async function killGpuProcess(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const gpu = processInfo.find(({ type }) => type === 'GPU')
  expect(gpu).toBeDefined()
  if (gpu) process.kill(gpu.id, 'SIGKILL')
  await session.detach()
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? ''
}
