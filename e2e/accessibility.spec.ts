import { expect, test } from './fixtures/test.ts'

/** Contrast is measured on the colours that stay, not on those of a transition. */
test.use({ contextOptions: { reducedMotion: 'reduce' } })

/** Only the colours differ in the dark. */
const SCHEMES = [
  { colorScheme: 'light', rules: undefined },
  { colorScheme: 'dark', rules: ['color-contrast'] },
] as const

for (const { colorScheme, rules } of SCHEMES) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme })

    test('the panes are accessible: empty, with a call, with an editor, with a notice', async ({
      page,
      playground,
      findAxeViolations,
    }) => {
      await playground.open()
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      expect(await findAxeViolations(rules), 'an empty conversation').toEqual([])

      await playground.examples.getByRole('button', { name: /parallel calls/ }).click()
      await playground.expectAnswers(1)
      expect(await findAxeViolations(rules), 'calls that wait').toEqual([])

      await playground.giveResults('{"temperature": 1}', '')
      await playground.setSystemPrompt('Be brief.')
      await playground.chat.getByRole('button', { name: 'Examples' }).click()
      expect(await findAxeViolations(rules), 'calls that are done').toEqual([])

      const [tool = ''] = await playground.toolNames()
      await playground.openTool(tool)
      await playground.writeTool('{"name": "no good", "parameters": {"type": "objekt"}')
      await expect(playground.toolProblems).not.toHaveCount(0)
      expect(await findAxeViolations(rules), 'a tool with problems').toEqual([])

      await playground.tools.getByRole('tab', { name: /results/ }).click()
      await playground.showTab('Prompt')
      await playground.applyPreset('Network')
      await expect(playground.notices.getByRole('button', { name: 'Undo' })).toBeVisible()
      expect(await findAxeViolations(rules), 'canned results, prompt, a notice').toEqual([])

      await playground.showTab('Raw')
      expect(await findAxeViolations(rules), 'raw output').toEqual([])
    })

    test('the dialogs are accessible', async ({ page, playground, findAxeViolations }) => {
      await playground.open()
      const openers = [
        { name: 'Model', open: () => playground.modelChip.click() },
        { name: 'Settings', open: () => page.keyboard.press('ControlOrMeta+,') },
        { name: 'Commands', open: () => page.keyboard.press('ControlOrMeta+K') },
        { name: 'Keyboard shortcuts', open: () => page.keyboard.press('?') },
        {
          name: 'Chats',
          open: () => playground.chat.getByRole('button', { name: /all conversations/ }).click(),
        },
        {
          name: 'Import tools',
          open: () => playground.tools.getByRole('button', { name: 'Import tools' }).click(),
        },
      ]
      for (const { name, open } of openers) {
        await open()
        await expect(page.getByRole('dialog', { name })).toBeVisible()
        expect(await findAxeViolations(rules), name).toEqual([])
        await playground.closeDialog()
      }
    })
  })
}
