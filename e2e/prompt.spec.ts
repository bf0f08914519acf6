import { readFileSync } from 'node:fs'
import type { Playground } from './fixtures/playground.ts'
import { scriptedGguf } from './fixtures/scripted-gguf.ts'
import { expect, test } from './fixtures/test.ts'

/** What xLAM-2's own template says when there is no system message. */
const INSTRUCTION = 'make calls in a single JSON array'

function template(name: string): string {
  return readFileSync(
    new URL(`../src/core/template/__fixtures__/${name}.jinja`, import.meta.url),
    'utf8',
  )
}

async function openXlam(playground: Playground): Promise<void> {
  await playground.open()
  await playground.loadModel(
    scriptedGguf({
      template: template('xlam-qwen'),
      script: ['[{"name": "get_weather", ', '"arguments": {"location": "Oslo"}}]'],
    }),
  )
}

test('the prompt tab shows what would be sent, then exactly what was sent', async ({
  context,
  page,
  playground,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await playground.open()
  await playground.message.fill('What is the weather in Paris?')
  await playground.showTab('Prompt')
  await expect(playground.inspector.getByText(/^Would be sent/)).toBeVisible()
  const expected = `<|im_start|>system
get_weather(location: string, unit?: celsius|fahrenheit) Get the current weather for a location
<|im_end|>
<|im_start|>user
What is the weather in Paris?<|im_end|>
<|im_start|>assistant
`
  expect(await playground.readPrompt()).toBe(expected)
  await playground.message.press('Enter')
  await playground.expectAnswers(1)
  await expect(playground.inspector.getByText(/^Sent · /)).toContainText(/\d+ tokens/)
  expect(await playground.readPrompt()).toBe(expected)

  const special = playground.inspector
    .getByRole('region', { name: 'Prompt' })
    .getByText('<|im_start|>', { exact: true })
  await expect(special).toHaveCount(3)
  const colors = await special.first().evaluate((mark) => ({
    own: getComputedStyle(mark).color,
    around: getComputedStyle(mark.parentElement ?? mark).color,
  }))
  expect(colors.own).not.toBe(colors.around)

  await playground.inspector.getByRole('switch', { name: 'Show white space' }).click()
  await playground.inspector.getByRole('button', { name: 'Copy prompt' }).click()
  await expect(playground.inspector.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(expected)
})

test('results are part of the next prompt, as the template writes them', async ({ playground }) => {
  await playground.open()
  await playground.examples
    .getByRole('button', { name: /one call/ })
    .first()
    .click()
  await playground.expectAnswers(1)
  const raw = await playground.readRaw()
  await playground.giveResults('{"temperature": -3}')
  const prompt = await playground.readPrompt()
  expect(prompt).toContain(
    `<|im_start|>assistant\n${raw}<|im_end|>\n<|im_start|>tool\n{"temperature": -3}<|im_end|>\n<|im_start|>assistant\n`,
  )
})

test('xLAM: a system prompt keeps the instruction, says so, and can drop it', async ({
  playground,
}) => {
  await openXlam(playground)
  await playground.message.fill('Weather in Oslo')
  const plain = await playground.readPrompt()
  expect(plain).toContain(INSTRUCTION)
  expect(plain).toContain('developed by Salesforce')

  await playground.setSystemPrompt('You work for a shipping company.')
  await expect(playground.chat.getByText('kept by Callground')).toBeVisible()
  await expect.poll(() => playground.readPrompt()).toContain('You work for a shipping company.')
  const kept = await playground.readPrompt()
  expect(kept).toContain(INSTRUCTION)
  expect(kept).not.toContain('developed by Salesforce')

  await playground.chat.getByRole('switch', { name: 'Keep the instruction' }).click()
  await expect(playground.chat.getByText('dropped by the template')).toBeVisible()
  await expect.poll(() => playground.readPrompt()).not.toContain(INSTRUCTION)
  expect(await playground.readPrompt()).toContain('"name": "get_weather"')

  await playground.message.press('Enter')
  await playground.expectAnswers(1)
  const sent = await playground.readPrompt()
  expect(sent).not.toContain(INSTRUCTION)
  expect(sent).toContain('You work for a shipping company.')
})

test('the shape of the tools can be switched: bare for xLAM, wrapped when asked', async ({
  playground,
}) => {
  await openXlam(playground)
  expect(await playground.readPrompt()).not.toContain('"type": "function"')
  const settings = await playground.openSettings()
  await expect(settings.getByText(/In force: bare/)).toBeVisible()
  await settings.getByRole('combobox', { name: 'Tools in the prompt' }).selectOption('wrapped')
  await expect(settings.getByText(/In force: wrapped/)).toBeVisible()
  await playground.closeDialog()
  expect(await playground.readPrompt()).toContain('"type": "function"')
})

test('the format decides what is a call, and can be switched', async ({ playground }) => {
  await openXlam(playground)
  await playground.ask('Weather')
  await playground.call(1).expectStatus('Waiting for a result')

  const settings = await playground.openSettings()
  await settings.getByRole('combobox', { name: 'Tool call format' }).selectOption('hermes')
  await playground.closeDialog()
  await playground.newChat()
  const answer = await playground.ask('Weather')
  // In that format JSON outside the tags is text.
  await expect(answer.getByText('No call', { exact: true })).toBeVisible()
  await expect(answer).toContainText('{"location": "Oslo"}')
})
