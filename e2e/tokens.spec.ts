import { scriptedGguf } from './fixtures/scripted-gguf.ts'
import { expect, test } from './fixtures/test.ts'

test('each token can be looked at, and another one tried', async ({ page, playground }) => {
  await playground.open()
  await playground.ask('What is the weather in Lisbon and in Tokyo?')
  await playground.showTab('Tokens')
  const tokens = playground.inspector.getByRole('listbox', { name: 'Tokens' })
  await expect(tokens).toBeVisible()
  const texts = await tokens.getByRole('option').allTextContents()
  expect(texts.join('').replaceAll('·', ' ')).toBe(await rawOf(playground))
  await playground.showTab('Tokens')

  // The model is sure of all but where the first call ends.
  const detail = playground.inspector.getByRole('region', { name: 'Token' })
  await expect(detail).toContainText(/"}},\s*token \d+/)
  await tokens.focus()
  await page.keyboard.press('Home')
  await expect(detail).toContainText('token 1 ·')
  await page.keyboard.press('ArrowRight')
  await expect(detail).toContainText('token 2 ·')

  await tokens.getByRole('option', { name: /^"}},/ }).click()
  await detail.getByRole('button', { name: 'Continue with "}}]' }).click()
  await expect(playground.answers).toContainText('continued from another token')
  await expect(playground.chat.getByText('2/2')).toBeVisible()
  expect(await rawOf(playground)).toBe(
    '[{"name": "get_weather", "arguments": {"location": "Lisbon"}}]',
  )

  await page.reload()
  await expect(playground.chat.getByText('2/2')).toBeVisible()
  await playground.showTab('Tokens')
  await expect(tokens.getByRole('option').last()).toHaveText('"}}]')
})

test('a model whose tokens are not recorded offers it, and answers again', async ({
  playground,
}) => {
  await playground.open()
  await playground.loadModel(
    scriptedGguf({
      template: "{{ messages[-1].content + '\n' }}",
      script: ['Hel', 'lo ', 'Zoë', ' 👋', '!'],
    }),
  )
  await playground.ask('Hi')
  await playground.showTab('Tokens')
  await playground.inspector.getByRole('button', { name: 'Record, and answer again' }).click()
  const tokens = playground.inspector.getByRole('listbox', { name: 'Tokens' })
  await expect(tokens.getByRole('option')).toHaveText(['Hel', 'lo·', 'Zoë', '·👋', '!'])
  await expect(playground.chat.getByText('2/2')).toBeVisible()
})

async function rawOf(playground: {
  readonly showTab: (name: 'Raw') => Promise<void>
  readonly readRaw: () => Promise<string>
}): Promise<string> {
  await playground.showTab('Raw')
  return playground.readRaw()
}
