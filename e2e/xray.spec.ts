import { expect, test } from './fixtures/test.ts'

test('the prompt is taken apart, counted, and lights up with its sources', async ({
  page,
  playground,
}) => {
  await playground.open()
  await playground.message.fill('What is the weather in Paris?')
  await playground.message.press('Enter')
  await playground.expectAnswers(1)
  await playground.showTab('Prompt')
  const parts = playground.inspector.getByRole('list', { name: 'Parts of the prompt' })
  await expect(parts.getByRole('button', { name: /get_weather/ })).toContainText(/\d+ tokens/)
  const counts = await parts.getByRole('button').allInnerTexts()
  const total = counts.reduce((sum, text) => sum + Number(/(\d+) tokens?/.exec(text)?.[1] ?? 0), 0)
  // The engine's own count of the same prompt.
  await expect(playground.inspector.getByText(/^Sent · /)).toContainText(`${total} tokens`)

  const lit = page.locator('[data-lit=true]')
  await parts.getByRole('button', { name: /get_weather/ }).hover()
  await expect(lit.filter({ hasText: 'get_weather(location' })).toHaveCount(1)
  await expect(
    page.getByRole('listitem').and(lit).filter({ hasText: 'location, unit?' }),
  ).toHaveCount(1)
  await playground.chat.getByText('What is the weather in Paris?').last().hover()
  await expect(lit.filter({ hasText: '<|im_start|>user' })).toHaveCount(1)
})

test('an edited template changes the prompt, is kept, and can be taken back', async ({
  page,
  playground,
}) => {
  await playground.open()
  await playground.message.fill('Hello')
  const own = await playground.readPrompt()
  await playground.inspector.getByRole('button', { name: 'Edit template' }).click()
  const editor = playground.inspector.getByRole('textbox', { name: 'Chat template' })
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.type("{{ 'Edited. ' }}")
  await expect.poll(() => playground.readPrompt()).toBe(`Edited. ${own}`)
  await editor.focus()
  await page.keyboard.type('{{ (')
  await expect(playground.inspector.getByRole('alert')).toBeVisible()
  for (let count = 0; count < 4; count++) await page.keyboard.press('Backspace')
  await expect(playground.inspector.getByRole('alert')).toBeHidden()

  await page.reload()
  await playground.showTab('Prompt')
  await expect(playground.inspector.getByText(/^Would be sent/)).toBeVisible()
  expect(await playground.readPrompt()).toContain('Edited. ')
  await playground.inspector.getByRole('button', { name: 'Edit template' }).click()
  await playground.inspector.getByRole('button', { name: /Back to the model/ }).click()
  await expect.poll(() => playground.readPrompt()).not.toContain('Edited. ')
})
