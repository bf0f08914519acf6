import { Playground } from './fixtures/playground.ts'
import { slowModel } from './fixtures/slow-model.ts'
import { expect, test } from './fixtures/test.ts'

const INVALID = '{"name": "half_a_tool", "parameters": {'

test('a reload keeps tools, transcript, settings and layout', async ({ page, playground }) => {
  await playground.open()
  await playground.applyPreset('Home')
  const names = await playground.toolNames()
  await playground.tools.getByRole('button', { name: 'Add a tool' }).click()
  await playground.writeTool(INVALID)
  await playground
    .toolRow(names[0] ?? '')
    .getByRole('switch')
    .click()
  await playground.setSystemPrompt('You run a house.')
  await playground.examples
    .getByRole('button', { name: /one call/ })
    .last()
    .click()
  await playground.expectAnswers(1)
  await playground.giveResults('{"done": "by hand"}')
  const transcript = await playground.conversation.textContent()
  await playground.set('Max tokens', 77)
  await page.getByRole('button', { name: /^Theme:/ }).click()
  await page.getByRole('button', { name: /^Theme:/ }).click()
  const theme = await page.locator('html').getAttribute('data-theme')
  await playground.showTab('Raw')
  const separator = page.getByRole('separator', { name: 'Resize tools and chat' })
  const widthBefore = await widthOf(playground)
  await separator.press('ArrowRight')
  await separator.press('ArrowRight')
  const width = await widthOf(playground)
  expect(width).toBeGreaterThan(widthBefore + 20)
  await playground.message.fill('Not sent yet')

  await page.reload()
  await playground.expectModel('Callground Nano')
  expect(await playground.toolNames()).toEqual([...names, expect.any(String)])
  await expect(playground.toolRow(names[0] ?? '').getByRole('switch')).not.toBeChecked()
  await expect(playground.toolEditor).toHaveText(INVALID)
  expect(await playground.conversation.textContent()).toBe(transcript)
  await expect(playground.chat.getByRole('button', { name: /^System prompt:/ })).toContainText(
    'You run a house.',
  )
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme ?? '')
  await expect(playground.inspector.getByRole('tab', { name: 'Raw' })).toHaveAttribute(
    'aria-selected',
    'true',
  )
  expect(Math.abs((await widthOf(playground)) - width)).toBeLessThan(5)
  const settings = await playground.openSettings()
  const maxTokens = settings.getByRole('spinbutton', { name: 'Max tokens' })
  await expect(maxTokens).toHaveValue('77')
  await settings.getByRole('button', { name: 'Reset to recommended' }).click()
  await expect(maxTokens).not.toHaveValue('77')
})

test('a reload at once after typing loses nothing', async ({ page, playground }) => {
  await playground.open()
  await playground.tools.getByRole('button', { name: 'Add a tool' }).click()
  await playground.writeTool('{"name": "typed_last"')
  await page.reload()
  await expect(playground.toolEditor).toHaveText('{"name": "typed_last"')
})

test('a reload at once after an answer, and right after a preset, keeps both', async ({
  page,
  playground,
}) => {
  await playground.open()
  for (const preset of ['Home', 'Travel']) {
    await playground.applyPreset(preset)
    const names = await playground.toolNames()
    await playground.ask(`Asked of ${preset}`)
    await page.reload()
    await playground.expectModel('Callground Nano')
    await expect(playground.conversation).toContainText(`Asked of ${preset}`)
    await expect(playground.answers.last()).toContainText('Callground Nano')
    expect(await playground.toolNames()).toEqual(names)
  }
})

test('a reload while an answer streams keeps what was written', async ({ page, playground }) => {
  await playground.open()
  await playground.loadModel(slowModel())
  await playground.send('Go on')
  await expect(playground.answers).toContainText('w20 ')
  await page.reload()
  await playground.expectModel('Callground Nano')
  await expect(playground.conversation).toContainText('Go on')
  await expect(playground.answers).toContainText('w0 w1 w2 ')
  await expect(playground.answers.getByText('Stopped', { exact: true })).toBeVisible()
  await playground.expectIdle()
})

test('chats are kept apart, can be opened again, and deleting one can be undone', async ({
  page,
  playground,
}) => {
  await playground.open()
  await playground.ask('First question')
  await playground.newChat()
  await playground.ask('Second question')
  const chats = page.getByRole('dialog', { name: 'Chats' })
  const openChats = () => playground.chat.getByRole('button', { name: /all conversations/ }).click()

  await openChats()
  await chats.getByRole('button', { name: /^First question/ }).click()
  await expect(playground.conversation).toContainText('First question')
  await expect(playground.conversation).not.toContainText('Second question')
  await openChats()
  await chats.getByRole('button', { name: 'Delete Second question' }).click()
  await expect(chats.getByRole('button', { name: /^Second question/ })).toHaveCount(0)
  await playground.closeDialog()
  await playground.notices.getByRole('button', { name: 'Undo' }).click()
  await openChats()
  await chats.getByRole('button', { name: /^Second question/ }).click()
  await expect(playground.conversation).toContainText('Second question')
})

test('two tabs edit at the same time and nothing is lost', async ({
  context,
  page,
  playground,
}) => {
  await playground.open()
  await playground.applyPreset('Travel')
  const [first = '', second = ''] = await playground.toolNames()
  await playground.ask('Asked in the first tab')
  await page.reload()
  await playground.expectModel('Callground Nano')

  const other = new Playground(await context.newPage())
  await other.open()
  await expect(other.conversation).toContainText('Asked in the first tab')

  await playground.openTool(first)
  await playground.writeTool('{"name": "from_tab_one"}')
  await expect(other.toolRow('from_tab_one')).toBeVisible()
  await other.openTool(second)
  await Promise.all([
    other.writeTool('{"name": "from_tab_two"}'),
    playground.toolRow('from_tab_one').getByRole('switch').click(),
  ])
  await expect(playground.toolRow('from_tab_two')).toBeVisible()
  await expect(other.toolRow('from_tab_one').getByRole('switch')).not.toBeChecked()

  await Promise.all([playground.ask('Next from one'), other.ask('Next from two')])
  await page.reload()
  await playground.expectModel('Callground Nano')
  const names = await playground.toolNames()
  expect(names).toContain('from_tab_one')
  expect(names).toContain('from_tab_two')
  const versions = playground.conversation.getByRole('group', { name: 'Versions of this message' })
  await expect(versions).toContainText(/[12]\/2/)
  const shown = await playground.conversation.textContent()
  await versions.getByRole('button', { name: /^(Previous|Next) message$/, disabled: false }).click()
  const both = `${shown}${await playground.conversation.textContent()}`
  expect(both).toContain('Next from one')
  expect(both).toContain('Next from two')
})

async function widthOf({ tools }: Playground): Promise<number> {
  return (await tools.boundingBox())?.width ?? 0
}
