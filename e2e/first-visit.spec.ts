import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/test.ts'

/** Holds the model back until `open` is called: a slow network. */
async function modelGate(page: Page): Promise<{ readonly open: () => void }> {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  await page.route('**/*.gguf', async (route) => {
    await opened
    await route.continue()
  })
  return { open: () => open() }
}

test('a first visit: the model comes by itself, an example makes a checked call, its result leads on', async ({
  page,
  playground,
}) => {
  const gate = await modelGate(page)
  await page.goto('./')
  await expect(playground.modelChip).toHaveAccessibleName(/Callground Nano\. Fetching the model/)
  // The page is usable before the model is there.
  await expect(playground.toolList.getByRole('switch')).not.toHaveCount(0)
  await playground.examples
    .getByRole('button', { name: /Expects: one call/ })
    .first()
    .click()
  await expect(playground.conversation.getByText(/Waiting for the model/)).toBeVisible()
  gate.open()

  await playground.expectModel('Callground Nano')
  await playground.expectAnswers(1)
  const [tool = ''] = await playground.toolNames()
  const card = playground.answers.first().getByRole('button', { name: `Call 1: ${tool}` })
  await expect(card).toContainText('Waiting for a result')

  const call = playground.call(1)
  await expect(call.region.getByRole('heading', { name: tool })).toBeVisible()
  await call.expectStatus('Waiting for a result')
  const marks = call.region.getByRole('img')
  await expect(marks).not.toHaveCount(0)
  await expect(call.region.getByRole('img', { name: 'Fits the schema' })).toHaveCount(
    await marks.count(),
  )

  await playground.resultsForm.getByRole('button', { name: 'Use canned result' }).click()
  await expect(playground.resultsForm.getByRole('textbox')).toHaveValue(/^\{.*\}$/s)
  await playground.resultsForm.getByRole('button', { name: /^Send result/ }).click()
  await playground.expectAnswers(2)
  await expect(playground.answers.nth(1).getByText('No call', { exact: true })).toBeVisible()
  await expect(card).toContainText('Done')
  await expect(playground.conversation.getByText('canned', { exact: true })).toBeVisible()

  await playground.inspector.getByRole('button', { name: 'Show the calls before' }).click()
  await call.expectStatus('Done')
  await expect(call.region.getByRole('heading', { name: 'Result, canned' })).toBeVisible()
})

test('the state of the answer is announced, its tokens are not', async ({ page, playground }) => {
  await playground.open()
  const announced = page.getByRole('status').first()
  await expect(announced).toHaveText('Model ready')
  await playground.examples
    .getByRole('button', { name: /Expects: one call/ })
    .first()
    .click()
  await expect(announced).toHaveText(/^Answer complete, 1 call\. Waiting for 1 result$/)
  await expect(playground.conversation).toHaveAttribute('aria-live', 'off')
})

test('a question that needs no tool, and one that lacks a value, get no call', async ({
  playground,
}) => {
  await playground.open()
  const prompts = playground.examples.getByRole('button', { name: /Expects: (no call|asks back)/ })
  const count = await prompts.count()
  expect(count).toBeGreaterThanOrEqual(2)
  for (let index = 0; index < count; index++) {
    await prompts.nth(index).click()
    await playground.expectAnswers(1)
    await expect(playground.answers.getByText('No call', { exact: true })).toBeVisible()
    await expect(playground.inspector.getByText('No call', { exact: true })).toBeVisible()
    await expect(playground.resultsForm).toHaveCount(0)
    await playground.newChat()
  }
})

test('an example for parallel calls asks for a result of each', async ({ playground }) => {
  await playground.open()
  await playground.examples
    .getByRole('button', { name: /Expects: parallel calls/ })
    .first()
    .click()
  await playground.expectAnswers(1)
  await expect(playground.calls).toHaveCount(2)
  await expect(playground.resultsForm.getByRole('textbox')).toHaveCount(2)
  await playground.giveResults('{"ok": true}', 'It is warm.')
  await expect(playground.conversation.getByText('Result of')).toHaveCount(2)
})
