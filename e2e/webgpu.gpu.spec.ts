import type { Locator } from '@playwright/test'
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
})

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? ''
}
