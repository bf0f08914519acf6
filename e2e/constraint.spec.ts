import type { Playground } from './fixtures/playground.ts'
import { expect, test } from './fixtures/test.ts'

/** Opens the menu beside the message field and chooses from it. */
async function choose(playground: Playground, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await playground.chat.getByRole('button', { name: /^Tool choice: / }).click()
    const item = playground.page.getByRole('menuitem', { name })
    await item.click()
    await expect(item).toBeHidden()
  }
}

test('a required call is made whatever the user says, and fits its tool', async ({
  playground,
}) => {
  await playground.open()
  await choose(playground, 'Required', 'Strict arguments')
  const answer = await playground.ask('hello')
  await expect(answer.getByText('required · strict')).toBeVisible()
  await expect(answer.getByText('Waiting for a result')).toBeVisible()
})

test('without a choice of tools the model answers a weather question in text', async ({
  playground,
}) => {
  await playground.open()
  await choose(playground, 'None')
  const answer = await playground.ask('What is the weather in Paris?')
  await expect(answer.getByText('No call')).toBeVisible()
  await expect(answer.getByText('none', { exact: true })).toBeVisible()
})

test('a tool that is named is called, and the grammar can be read', async ({
  playground,
  page,
}) => {
  await playground.open()
  await choose(playground, 'get_weather')
  const answer = await playground.ask('hello')
  await expect(answer.getByText('get_weather').first()).toBeVisible()
  await playground.inspector.getByRole('tab', { name: 'Prompt' }).click()
  await playground.inspector.getByText(/^Grammar: get_weather/).click()
  await expect(playground.inspector.getByLabel('Grammar', { exact: true })).toContainText(
    'root ::=',
  )
  await page.reload()
  await expect(
    playground.chat.getByRole('button', { name: 'Tool choice: get_weather' }),
  ).toBeVisible()
})
