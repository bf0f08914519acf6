import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/test.ts'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  // Not `innerWidth`: a phone zooms out until content that is too wide fits.
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0)
}

test('at phone width the panes are tabs, and a call can be had and answered', async ({
  page,
  playground,
  findAxeViolations,
}) => {
  await playground.open()
  const tabs = page.getByRole('navigation', { name: 'Panes' })
  const show = (name: string) => tabs.getByRole('button', { name }).tap()
  await expect(tabs.getByRole('button', { name: 'Chat' })).toHaveAttribute('aria-current', 'page')
  await expect(playground.tools).toHaveCount(0)
  await expectNoSidewaysScroll(page)
  expect(await findAxeViolations(), 'chat').toEqual([])

  await playground.message.fill('What is the weather in Oslo and in Madrid?')
  await playground.sendButton.tap()
  await playground.expectAnswers(1)
  await playground.answers.getByRole('button', { name: /^Call 1/ }).tap()
  await expect(tabs.getByRole('button', { name: 'Calls' })).toHaveAttribute('aria-current', 'page')
  await playground.call(1).expectStatus('Waiting for a result')
  await expectNoSidewaysScroll(page)
  expect(await findAxeViolations(), 'calls').toEqual([])
  for (const tab of ['Prompt', 'Raw', 'Calls'] as const) {
    await playground.showTab(tab)
    await expectNoSidewaysScroll(page)
  }

  await show('Chat')
  await playground.giveResults('{"temperature": 4}', '{"temperature": 29}')
  await expectNoSidewaysScroll(page)

  await show('Tools')
  await expect(playground.chat).toHaveCount(0)
  const [tool = ''] = await playground.toolNames()
  await playground.openTool(tool)
  await expect(playground.toolEditor).toBeVisible()
  await expect(playground.toolList).toHaveCount(0)
  await expectNoSidewaysScroll(page)
  expect(await findAxeViolations(), 'editor').toEqual([])
  await playground.tools.getByRole('button', { name: 'Back to the list' }).tap()
  await expect(playground.toolRow(tool)).toBeVisible()

  // The pane that is shown is kept.
  await page.reload()
  await expect(playground.toolRow(tool)).toBeVisible()
})

test('dialogs fit a phone', async ({ page, playground }) => {
  await playground.open()
  for (const open of [
    () => playground.modelChip.tap(),
    () => page.getByRole('button', { name: 'Settings', exact: true }).tap(),
    () => page.getByRole('button', { name: 'Commands' }).tap(),
  ]) {
    await open()
    const box = await page.getByRole('dialog').boundingBox()
    expect(box?.x).toBeGreaterThanOrEqual(0)
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844)
    await expectNoSidewaysScroll(page)
    await playground.closeDialog()
  }
})
