import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { CACHE_TYPES } from '../../core/gguf/kv-cache.ts'
import { ok } from '../../core/lib/result.ts'
import type { EngineInfo } from '../../engine/engine.ts'
import { createAnsweringEngine } from '../../session/__fixtures__/answering-engine.ts'
import { openReadyTab, type Tab } from '../../store/__fixtures__/harness.ts'
import { selectModelSettings } from '../../store/selectors.ts'
import '../theme.css'
import { AppStoreContext } from '../use-app-store.ts'
import { LoadSettings } from './load-settings.tsx'

const XLAM_3B: Partial<EngineInfo> = {
  modelName: 'xLAM-2-3B-fc-r',
  architecture: 'qwen2',
  contextLength: 8192,
  trainedContextLength: 32_768,
  cacheShape: { elementsPerToken: 36 * 2 * 256, types: CACHE_TYPES },
}

async function show(info: Partial<EngineInfo> = XLAM_3B): Promise<Tab> {
  const createEngine = async () =>
    ok(createAnsweringEngine({ answers: [['Hello.']], info: { ...XLAM_3B, ...info } }))
  const tab = await openReadyTab({ deps: { createEngine } })
  await render(
    <AppStoreContext value={tab.store}>
      <main className="bg-surface p-4">
        <h1>Settings</h1>
        <h2>Model</h2>
        <LoadSettings />
      </main>
    </AppStoreContext>,
  )
  return tab
}
const loadOptions = (tab: Tab) => selectModelSettings(tab.store.getState()).load
const yarnSwitch = () => page.getByRole('switch', { name: 'Longer context (YaRN)' })

beforeEach(() => page.viewport(800, 700))

describe('the KV cache', () => {
  it('says what each type costs at the chosen context', async () => {
    const tab = await show()
    const select = page.getByRole('combobox', { name: 'KV cache' })
    await expect.element(select).toHaveAccessibleDescription(/^302 MB for 8,192 tokens/)
    expect([...select.element().querySelectorAll('option')].map((option) => option.text)).toEqual([
      '16-bit floats, 302 MB',
      '8 bits (q8_0), 160 MB',
      '4 bits (q4_0), 84.9 MB',
    ])
    await select.selectOptions('q8_0')
    expect(loadOptions(tab)).toMatchObject({ cacheType: 'q8_0', contextLength: 8192 })
    await page.getByRole('spinbutton', { name: 'Context length' }).fill('16384')
    await expect.element(select).toHaveAccessibleDescription(/^321 MB for 16,384 tokens/)
  })

  it('offers only what the heads of the model allow', async () => {
    await show({ cacheShape: { elementsPerToken: 100, types: ['f16'] } })
    const select = page.getByRole('combobox', { name: 'KV cache' })
    await expect.element(select).toHaveAccessibleDescription(/16-bit floats only/)
    expect(select.element().querySelectorAll('option:disabled')).toHaveLength(2)
  })
})

describe('YaRN', () => {
  it('offers Qwen-based models 131,072 tokens, with a warning', async () => {
    const tab = await show()
    expect(loadOptions(tab).yarn).toBeNull()
    await expect.element(page.getByText(/makers document 131,072 with a factor of 4/)).toBeVisible()
    await yarnSwitch().click()
    expect(loadOptions(tab).yarn).toEqual({ factor: 4, originalContext: 32_768 })
    await expect.element(page.getByText(/answers to short prompts/)).toBeVisible()
    const context = page.getByRole('spinbutton', { name: 'Context length' })
    await expect.element(context).toHaveAttribute('max', '131072')
    await context.fill('100000')
    expect(loadOptions(tab).contextLength).toBe(100_000)
    await yarnSwitch().click()
    expect(loadOptions(tab)).toMatchObject({ yarn: null, contextLength: 32_768 })
  })

  it('follows its factor', async () => {
    const tab = await show({ architecture: 'llama', trainedContextLength: 8192 })
    await yarnSwitch().click()
    expect(loadOptions(tab).yarn).toEqual({ factor: 2, originalContext: 8192 })
    await page.getByRole('spinbutton', { name: 'YaRN factor' }).fill('2.5')
    await expect.element(page.getByText('Contexts of up to 20,480 tokens.')).toBeVisible()
  })
})

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  afterEach(() => {
    delete document.documentElement.dataset['theme']
  })

  it.each([800, 390])('is accessible and fits at %d pixels', async (width) => {
    document.documentElement.dataset['theme'] = theme
    await page.viewport(width, 800)
    await show()
    await yarnSwitch().click()
    await expect.element(page.getByText(/answers to short prompts/)).toBeVisible()
    const { violations } = await axe.run(document.body)
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    expect(document.documentElement.scrollWidth).toBe(width)
  })
})
