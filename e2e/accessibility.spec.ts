import { startOpenAiServer } from './fixtures/openai-server.ts'
import { scriptTemplate } from './fixtures/script-templates.ts'
import { scriptedGguf } from './fixtures/scripted-gguf.ts'
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

    test('the inspector is accessible: tokens, template, grammar, a continued answer', async ({
      page,
      playground,
      findAxeViolations,
    }) => {
      await playground.open()
      const { inspector } = playground
      await playground.ask('What is the weather in Oslo and in Madrid?')
      await playground.showTab('Tokens')
      await expect(inspector.getByRole('region', { name: 'Token' })).toBeVisible()
      expect(await findAxeViolations(rules), 'tokens').toEqual([])

      await inspector.getByRole('option', { name: /^"}},/ }).click()
      await inspector.getByRole('button', { name: 'Continue with "}}]' }).click()
      await expect(playground.answers).toContainText('continued from another token')
      await playground.expectIdle()
      expect(await findAxeViolations(rules), 'a continued answer').toEqual([])

      const toolChoice = playground.chat.getByRole('button', { name: /^Tool choice: / })
      await toolChoice.click()
      const required = page.getByRole('menuitem', { name: 'Required' })
      await expect(required).toBeVisible()
      // Behind an open menu the page is hidden and the focus kept out, which axe takes for a fault.
      const menuRules = ['color-contrast', 'aria-command-name', 'aria-required-children']
      expect(await findAxeViolations(menuRules), 'tool choice').toEqual([])
      await required.click()
      await playground.ask('hello')
      await playground.showTab('Prompt')
      await inspector.getByText(/^Grammar: /).click()
      await inspector.getByText(/^Template: /).click()
      await expect(inspector.getByLabel('Grammar', { exact: true })).toBeVisible()
      expect(await findAxeViolations(rules), 'parts and grammar').toEqual([])
      await inspector.getByRole('button', { name: 'Edit template' }).click()
      await expect(inspector.getByRole('textbox', { name: 'Chat template' })).toBeVisible()
      expect(await findAxeViolations(rules), 'template editor').toEqual([])

      await inspector.getByRole('button', { name: 'Show code' }).click()
      const code = page.getByRole('dialog', { name: 'Code for this conversation' })
      await expect(code.getByRole('region', { name: 'Code' })).not.toContainText('origin')
      expect(await findAxeViolations(rules), 'code').toEqual([])
    })

    test('a broken call and its repair are accessible, as are tokens not recorded', async ({
      playground,
      findAxeViolations,
    }) => {
      await playground.open()
      const script = ['[{"name": "get_weather", ', '"arguments": {"location": ', "'Oslo'", ',}}]']
      await playground.loadModel(scriptedGguf({ template: scriptTemplate(), script }))
      await playground.ask('Weather in Oslo')
      const { inspector } = playground
      const take = inspector.getByRole('button', { name: 'Take the repair' })
      await expect(take).toBeVisible()
      expect(await findAxeViolations(rules), 'a broken call').toEqual([])
      await take.click()
      await playground.call(1).expectStatus('Waiting for a result')
      expect(await findAxeViolations(rules), 'repaired').toEqual([])
      await playground.showTab('Tokens')
      await expect(inspector.getByText('No probabilities were recorded')).toBeVisible()
      expect(await findAxeViolations(rules), 'no tokens').toEqual([])
    })

    test.describe('with a server', () => {
      // The browser itself logs every refused answer.
      test.use({ expectedErrors: [/Failed to load resource|ERR_/] })

      test('each tab of the models, and settings that a server takes away, are accessible', async ({
        playground,
        findAxeViolations,
      }) => {
        await playground.open()
        const server = await startOpenAiServer({ script: ['Hello'] })
        const dialog = await playground.openModelDialog()
        for (const name of ['Running', 'Find', 'WebLLM', 'Downloads', 'Storage', 'Server']) {
          await dialog.getByRole('tab', { name }).click()
          expect(await findAxeViolations(rules), name).toEqual([])
        }
        const address = dialog.getByLabel('Address', { exact: true })
        const check = dialog.getByRole('button', { name: 'Test the connection' })
        await address.fill('http://127.0.0.1:9')
        await check.click()
        await expect(dialog.getByRole('alert')).toBeVisible()
        expect(await findAxeViolations(rules), 'no server').toEqual([])
        await address.fill(server.baseUrl)
        await check.click()
        await expect(dialog.getByText('answers with 1 model.')).toBeVisible()
        await dialog.getByLabel('Mode', { exact: true }).selectOption('chat')
        await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
        expect(await findAxeViolations(rules), 'connected').toEqual([])
        await playground.closeDialog()
        await expect(playground.modelChip).toHaveAccessibleName(/chat$/)
        await playground.openSettings()
        expect(await findAxeViolations(rules), 'disabled settings').toEqual([])
        await server.close()
      })
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
