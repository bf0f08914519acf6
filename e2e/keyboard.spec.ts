import type { Locator, Page } from '@playwright/test'
import { slowModel } from './fixtures/slow-model.ts'
import { expect, test } from './fixtures/test.ts'

/** Presses Tab (or Shift+Tab) until the element has the focus, which must be seen on each stop on the way. */
async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const page = target.page()
  const MOST_STOPS = 60
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press(key)
    await expectVisibleFocus(page)
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`No way to ${String(target)} with ${key}.`)
}

/** Something on the screen has the focus, and it or what is around it has an outline, or an accent, that says so. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const focus = await page.evaluate(async () => {
    const LEVELS = 4
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const element = document.activeElement
    if (!element || element === document.body)
      return { name: 'nothing', isOnScreen: false, isSeen: false }
    const box = element.getBoundingClientRect()
    const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent')
    const probe = document.createElement('span')
    probe.style.color = accent
    document.body.append(probe)
    const accentColor = getComputedStyle(probe).color
    probe.remove()
    // A caret is enough in a text.
    let isSeen = element instanceof HTMLElement && element.isContentEditable
    for (let part: Element | null = element, level = 0; part && level < LEVELS; level++) {
      const style = getComputedStyle(part)
      const hasOutline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
      const after = getComputedStyle(part, '::after').backgroundColor
      if (hasOutline || style.borderTopColor === accentColor || after === accentColor) isSeen = true
      part = part.parentElement
    }
    return {
      name: element.getAttribute('aria-label') ?? element.textContent?.slice(0, 40) ?? '',
      isOnScreen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
      isSeen,
    }
  })
  expect(focus.name, 'the focus was lost').not.toBe('nothing')
  expect(focus, 'a focus that can be seen').toEqual({
    name: focus.name,
    isOnScreen: true,
    isSeen: true,
  })
}

test.use({ contextOptions: { reducedMotion: 'reduce' } })

test('from opening to an answered call without a mouse', async ({ page, playground }) => {
  await playground.open()
  const example = playground.examples.getByRole('button', { name: /one call/ }).first()
  await tabTo(example)
  await page.keyboard.press('Enter')
  await playground.expectAnswers(1)

  // The focus is not lost with the example that had it.
  await tabTo(playground.resultsForm.getByRole('button', { name: 'Use canned result' }))
  await page.keyboard.press('Enter')
  const field = playground.resultsForm.getByRole('textbox')
  await expect(field).not.toHaveValue('')
  await tabTo(field, 'Shift+Tab')
  await page.keyboard.press('ControlOrMeta+Enter')
  await playground.expectAnswers(2)

  await page.keyboard.press('Alt+Digit2')
  await expect(playground.message).toBeFocused()
  await page.keyboard.type('First line')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('second line')
  await expect(playground.message).toHaveValue('First line\nsecond line')
  await page.keyboard.press('Enter')
  await playground.expectAnswers(3)
  await expect(playground.message).toBeFocused()

  await page.keyboard.press('Alt+Digit3')
  await expect(playground.inspector.getByRole('tab', { name: 'Calls' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(playground.inspector.getByRole('region', { name: 'Prompt' })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(playground.inspector.getByRole('region', { name: 'Raw output' })).toBeVisible()
})

test('the palette runs every kind of action', async ({ page, playground }) => {
  await playground.open()
  const palette = page.getByRole('dialog', { name: 'Commands' })
  const run = async (text: string) => {
    await page.keyboard.press('ControlOrMeta+K')
    await expect(palette.getByRole('combobox')).toBeFocused()
    await page.keyboard.type(text)
    await expect(palette.getByRole('option', { selected: true })).toContainText(
      new RegExp(text, 'i'),
    )
    await page.keyboard.press('Enter')
    await expect(palette).toHaveCount(0)
  }
  await run('home')
  await expect(playground.toolRow('set_light')).toBeVisible()
  await run('theme: dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await run('exact prompt')
  await expect(playground.inspector.getByRole('region', { name: 'Prompt' })).toBeVisible()
  await run('add a tool')
  await expect(playground.toolEditor).toBeVisible()
  await run('keyboard')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+K')
  await page.keyboard.type('no such command')
  await expect(palette).toContainText('No command has that name.')
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
})

test('dialogs give the focus back, and Esc closes one thing at a time', async ({
  page,
  playground,
}) => {
  await playground.open()
  await tabTo(playground.modelChip)
  for (const [keys, name] of [
    ['Enter', 'Model'],
    ['ControlOrMeta+,', 'Settings'],
    ['?', 'Keyboard shortcuts'],
    ['ControlOrMeta+K', 'Commands'],
  ] as const) {
    await page.keyboard.press(keys)
    const dialog = page.getByRole('dialog', { name })
    await expect(dialog).toBeVisible()
    await expect
      .poll(() => dialog.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true)
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(playground.modelChip, `after ${name}`).toBeFocused()
  }

  // The sheet is for keys that are not typed into a text.
  await playground.message.focus()
  await page.keyboard.type('?')
  await expect(playground.message).toHaveValue('?')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('Esc closes what is open before it stops an answer', async ({ page, playground }) => {
  await playground.open()
  await playground.loadModel(slowModel())
  await playground.send('Go on')
  await expect(playground.answers).toContainText('w3 ')
  await page.keyboard.press('ControlOrMeta+,')
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(playground.stopButton).toBeVisible()
  await page.keyboard.press('Escape')
  await playground.expectAnswers(1)
  await expect(playground.answers.getByText('Stopped', { exact: true })).toBeVisible()
})

test('the editor takes Tab for itself and lets go with Esc', async ({ page, playground }) => {
  await playground.open()
  await page.keyboard.press('Alt+Digit1')
  const [tool = ''] = await playground.toolNames()
  await tabTo(playground.toolRow(tool).getByRole('button', { name: tool }).first())
  await page.keyboard.press('Enter')
  await tabTo(playground.toolEditor)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(playground.toolEditor).not.toBeFocused()
  await expectVisibleFocus(page)
})
