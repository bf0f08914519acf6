import { expect, test } from './fixtures/test.ts'

// A real MLC model on a real GPU, from the Hub or a mirror: only when asked for, as nothing of it is in this repository.
//
//   CALLGROUND_MLC_MODEL=mlc-ai/Qwen2.5-0.5B-Instruct-q4f16_1-MLC \
//   CALLGROUND_MLC_LIBRARY=https://host/path/Qwen2-0.5B-Instruct-q4f16_1-ctx4k_cs1k-webgpu.wasm \
//   npx playwright test -c playwright.gpu.config.ts webllm-real

const MODEL = process.env['CALLGROUND_MLC_MODEL'] ?? ''
const LIBRARY = process.env['CALLGROUND_MLC_LIBRARY'] ?? ''
/** Half a gigabyte over a slow line. */
const MOST_MS = 20 * 60_000

test.skip(
  MODEL === '' || LIBRARY === '',
  'needs a GPU and a model: set CALLGROUND_MLC_MODEL and CALLGROUND_MLC_LIBRARY',
)

test('a real MLC model is fetched, loaded, held to a required call, and stopped', async ({
  playground,
  page,
}) => {
  test.setTimeout(MOST_MS)
  await playground.open()
  const dialog = await playground.openModelDialog()
  await dialog.getByRole('tab', { name: 'WebLLM' }).click()
  const form = dialog.getByRole('region', { name: 'A model of your own' })
  await form.getByRole('textbox', { name: 'Model' }).fill(MODEL)
  await form.getByRole('textbox', { name: 'Library' }).fill(LIBRARY)
  await form.getByRole('checkbox', { name: /^I accept the terms/ }).check()
  await form.getByRole('button', { name: 'Fetch and load' }).click()
  await expect(playground.modelChip).toHaveAccessibleName(/WebGPU/, { timeout: MOST_MS })
  await playground.closeDialog()

  await playground.chat.getByRole('button', { name: /^Tool choice: / }).click()
  await page.getByRole('menuitem', { name: 'Required' }).click()
  const answer = await playground.ask('What is the weather in Oslo?')
  await expect(answer.getByText('Waiting for a result')).toBeVisible()
  await expect(answer.getByText('get_weather').first()).toBeVisible()
  await playground.giveResults('{"temperature": 4, "condition": "rain"}')

  await playground.newChat()
  await playground.chat.getByRole('button', { name: /^Tool choice: / }).click()
  await page.getByRole('menuitem', { name: 'None' }).click()
  await playground.send('Tell me a long story.')
  await page.getByRole('button', { name: 'Stop' }).click()
  await playground.expectIdle()
})
