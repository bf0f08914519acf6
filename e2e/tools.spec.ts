import { dropFiles, textFile, type Playground } from './fixtures/playground.ts'
import { expect, test } from './fixtures/test.ts'

const PARAMETERS = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
}

async function importText(playground: Playground, text: string): Promise<void> {
  await playground.tools.getByRole('button', { name: 'Import tools' }).click()
  const dialog = playground.page.getByRole('dialog', { name: 'Import tools' })
  await dialog.getByRole('textbox', { name: 'Definitions' }).fill(text)
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog).toHaveCount(0)
}

test('a typo in a definition is listed at its line, and goes away when it is mended', async ({
  page,
  playground,
}) => {
  await playground.open()
  await playground.tools.getByRole('button', { name: 'Add a tool' }).click()
  await playground.writeTool(
    `{
  "name": "my tool",
  "parameters": {
    "type": "object",
    "properties": { "city": { "type": "strin" } },
    "required": ["town"]
  }
}`,
  )
  await expect(playground.toolProblems.filter({ hasText: 'line 2' })).not.toHaveCount(0)
  await expect(playground.toolProblems.filter({ hasText: 'line 5' })).not.toHaveCount(0)
  await expect(playground.toolProblems.filter({ hasText: 'line 6' })).toContainText(['town'])
  await expect(playground.toolRow('my tool')).toContainText(/\d errors?/)

  // A problem leads to its place: what is typed there lands there.
  await playground.toolProblems.filter({ hasText: 'line 6' }).getByRole('button').first().click()
  await expect(playground.toolEditor).toBeFocused()

  await playground.writeTool(JSON.stringify({ name: 'mended', parameters: PARAMETERS }))
  await expect(playground.toolRow('mended')).toBeVisible()
  await expect(playground.toolProblems.filter({ hasText: 'Error' })).toHaveCount(0)
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('the editor completes what the schema of a tool knows', async ({ page, playground }) => {
  await playground.open()
  await playground.tools.getByRole('button', { name: 'Add a tool' }).click()
  await playground.writeTool(
    '{"name": "a", "parameters": {"type": "object", "properties": {"x": {}}}}',
  )
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.insertText('"')
  await page.keyboard.press('Control+Space')
  const completions = page.getByRole('listbox')
  await expect(completions.getByRole('option', { name: /enum/ })).not.toHaveCount(0)
  await page.keyboard.type('descr')
  await expect(completions.getByRole('option').first()).toContainText('description')
  // The keys of a list that just changed are not taken at once.
  await expect(async () => {
    await page.keyboard.press('Enter')
    await expect(completions).toHaveCount(0, { timeout: 300 })
  }).toPass()
  await expect(playground.toolEditor).toContainText('"description"')
})

test('prettify sets the text out', async ({ page, playground }) => {
  await playground.open()
  await playground.tools.getByRole('button', { name: 'Add a tool' }).click()
  await playground.writeTool('{"name":"pretty","parameters":{"type":"object"}}')
  await playground.tools.getByRole('button', { name: 'Prettify' }).click()
  await expect(playground.toolEditor).toContainText('"name": "pretty"')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('definitions of every notation are taken, one or many', async ({ playground }) => {
  await playground.open()
  await importText(
    playground,
    JSON.stringify({ type: 'function', function: { name: 'wrapped', parameters: PARAMETERS } }),
  )
  await importText(playground, JSON.stringify({ name: 'claude', input_schema: PARAMETERS }))
  await importText(
    playground,
    JSON.stringify([
      { name: 'first', parameters: PARAMETERS },
      { name: 'second', parameters: PARAMETERS },
    ]),
  )
  await importText(playground, '{"name": "broken", ')
  const names = await playground.toolNames()
  expect(names.slice(-5, -1)).toEqual(['wrapped', 'claude', 'first', 'second'])
  for (const name of ['wrapped', 'claude', 'first', 'second']) {
    await expect(playground.toolRow(name)).toContainText('city')
    await expect(playground.toolRow(name)).not.toContainText('error')
  }
  // What cannot be read is kept as it is.
  await expect(playground.toolEditor).toHaveText('{"name": "broken",')

  // Each reaches the model, whatever its notation.
  const prompt = await playground.readPrompt()
  for (const name of ['wrapped', 'claude', 'first', 'second'])
    expect(prompt).toContain(`${name}(city: string)`)
  expect(prompt).not.toContain('broken')
})

test('a definition is pasted into the pane, or dropped on it as a file', async ({
  page,
  playground,
}) => {
  await playground.open()
  await playground.tools.evaluate(
    (pane, text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      pane.firstElementChild?.dispatchEvent(event)
    },
    JSON.stringify({ name: 'pasted', parameters: PARAMETERS }),
  )
  await expect(playground.toolRow('pasted')).toBeVisible()

  const dropped = JSON.stringify([{ name: 'dropped', parameters: PARAMETERS }])
  await dropFiles(playground.toolList, [textFile('tools.json', dropped)])
  await expect(playground.toolRow('dropped')).toBeVisible()
  // Elsewhere on the page too.
  await dropFiles(playground.chat, [textFile('more.json', dropped.replace('dropped', 'elsewhere'))])
  await expect(playground.toolRow('elsewhere')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('tools are reordered with the keyboard, duplicated, deleted and brought back', async ({
  page,
  playground,
}) => {
  await playground.open()
  await playground.applyPreset('Home')
  const [first = '', second = '', third = ''] = await playground.toolNames()
  const opener = playground.toolRow(first).getByRole('button', { name: first }).first()
  await opener.press('Alt+ArrowDown')
  await expect.poll(() => playground.toolNames()).toEqual([second, first, third])
  await expect(opener).toBeFocused()
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => playground.toolNames()).toEqual([first, second, third])

  await playground
    .toolRow(second)
    .getByRole('button', { name: `Actions for ${second}` })
    .click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect.poll(() => playground.toolNames()).toEqual([first, second, second, third])
  await expect(playground.toolRow(second).filter({ hasText: '1 error' })).not.toHaveCount(0)

  await playground
    .toolRow(third)
    .getByRole('button', { name: `Actions for ${third}` })
    .click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(playground.toolRow(third)).toHaveCount(0)
  await playground.notices.getByRole('button', { name: 'Undo' }).last().click()
  await expect.poll(() => playground.toolNames()).toEqual([first, second, second, third])
})

test('each preset brings tools without problems and its own examples; undo brings the old tools back', async ({
  page,
  playground,
}) => {
  await playground.open()
  const seen = new Set<string>()
  await playground.tools.getByRole('button', { name: 'Presets' }).click()
  await expect(page.getByRole('menuitem').first()).toBeVisible()
  const presets = await page.getByRole('menuitem').count()
  await page.keyboard.press('Escape')
  expect(presets).toBeGreaterThanOrEqual(6)
  for (let index = 0; index < presets; index++) {
    await playground.tools.getByRole('button', { name: 'Presets' }).click()
    await page.getByRole('menuitem').nth(index).click()
    await expect(page.getByRole('menu')).toHaveCount(0)
    await expect(playground.toolList).not.toContainText(/\d (error|warning)/)
    const example = await playground.examples.getByRole('button').first().textContent()
    seen.add(example ?? '')
  }
  expect(seen.size).toBe(presets)
  const last = await playground.toolNames()
  await playground.applyPreset('Weather')
  expect(await playground.toolNames()).not.toEqual(last)
  await playground.notices.getByRole('button', { name: 'Undo' }).last().click()
  expect(await playground.toolNames()).toEqual(last)
})

test('a tool that is switched off is not offered to the model', async ({ playground }) => {
  await playground.open()
  await playground.applyPreset('Home')
  const [first = ''] = await playground.toolNames()
  expect(await playground.readPrompt()).toContain(`${first}(`)
  await playground.toolRow(first).getByRole('switch').click()
  await expect.poll(() => playground.readPrompt()).not.toContain(`${first}(`)
})

test('a canned result of your own answers the calls that it fits', async ({ page, playground }) => {
  await playground.open()
  await playground.examples
    .getByRole('button', { name: /one call/ })
    .first()
    .click()
  await playground.expectAnswers(1)
  const [tool = ''] = await playground.toolNames()
  await playground.openTool(tool)
  await playground.tools.getByRole('tab', { name: /results/ }).click()
  await playground.tools.getByRole('button', { name: 'Add a result' }).click()
  await expect(page.getByRole('textbox', { name: /^Content of result/ }).last()).toBeFocused()
  await page.keyboard.insertText('{"temperature": 99}')
  await playground.resultsForm.getByRole('combobox', { name: /^Canned results of/ }).selectOption({
    index: -1 + (await playground.resultsForm.getByRole('option').count()),
  })
  await expect(playground.resultsForm.getByRole('textbox')).toHaveValue('{"temperature": 99}')
})
