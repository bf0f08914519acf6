import axe from 'axe-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { bumpedModel } from '../../core/gguf/__fixtures__/bumped-model.ts'
import { headerOf } from '../../core/gguf/__fixtures__/header-of.ts'
import type { GgufHeader } from '../../core/gguf/gguf-header.ts'
import template from '../../core/template/__fixtures__/xlam-qwen.jinja?raw'
import '../theme.css'
import { GgufInspector } from './gguf-inspector.tsx'

const ENDS = [0, 1, 2, 3, 32, 33, 34, 35]
const SIZE = 1_929_902_656
const TABS = ['Metadata', 'Tensors', 'Bits', 'Chat template']

let header: GgufHeader
beforeEach(async () => {
  header = await headerOf(bumpedModel({ bumpedLayers: ENDS, chatTemplate: template }))
  await page.viewport(1000, 700)
})

const show = (change: Partial<GgufHeader> = {}, otherShards: readonly GgufHeader[] = []) =>
  render(
    <main style={{ height: '100vh' }} className="bg-surface">
      <h2 className="sr-only">Model</h2>
      <GgufInspector
        header={{ ...header, ...change }}
        otherShards={otherShards}
        sizeBytes={SIZE}
        name="xLAM-2-3B"
      />
    </main>,
  )
const openTab = (name: string) => page.getByRole('tab', { name }).click()
const rowsInPage = () => document.querySelectorAll('[role=row]').length
const cellTexts = () =>
  [...document.querySelectorAll('[role=row]')]
    .slice(1)
    .map((row) => row.querySelector('[role=cell]')?.textContent)

it('says what the model is', async () => {
  await show()
  const facts = page.getByRole('region', { name: 'Inside xLAM-2-3B' })
  for (const text of ['qwen2', '3.09 B', '32,768 tokens', 'Q4_K_M', '1.93 GB']) {
    await expect.element(facts.getByText(text, { exact: true }).first()).toBeVisible()
  }
})

describe('metadata', () => {
  it('is searched by key and by value, also by what is shortened', async () => {
    await show()
    const search = page.getByRole('searchbox', { name: 'Search keys and values' })
    await search.fill('rope')
    await expect.element(page.getByText('1 of 21 entries')).toBeVisible()
    await search.fill('raise_exception')
    await expect.element(page.getByText(/^[01] of 21 entries/)).toBeVisible()
    await search.fill('in a single JSON array')
    await expect
      .element(page.getByRole('rowheader', { name: 'tokenizer.chat_template' }))
      .toBeVisible()
    await search.fill('no such thing')
    await expect.element(page.getByText('No entry matches.')).toBeVisible()
  })

  it('opens a long value', async () => {
    await show()
    await page.getByRole('button', { name: 'All of tokenizer.chat_template' }).click()
    await expect
      .element(page.getByLabelText('tokenizer.chat_template', { exact: true }))
      .toHaveTextContent(/endif/)
    await page.getByRole('button', { name: 'Less of tokenizer.chat_template' }).click()
  })
})

describe('tensors', () => {
  it('only those in sight exist in the page', async () => {
    await show()
    await openTab('Tensors')
    const table = page.getByRole('table', { name: 'Tensors' })
    await expect.element(table).toHaveAttribute('aria-rowcount', '435')
    await expect.element(page.getByRole('cell', { name: 'token_embd.weight' })).toBeVisible()
    expect(rowsInPage()).toBeLessThan(60)
    table.element().scrollTop = 1e6
    await expect.element(page.getByRole('cell', { name: 'output_norm.weight' })).toBeVisible()
    expect(rowsInPage()).toBeLessThan(60)
  })

  it('are sorted by a press on a heading, with the keyboard too', async () => {
    await show()
    await openTab('Tensors')
    const heading = page.getByRole('columnheader', { name: 'Size' })
    await page.getByRole('button', { name: 'Size' }).click()
    await expect.element(heading).toHaveAttribute('aria-sort', 'ascending')
    await userEvent.keyboard('{Enter}')
    await expect.element(heading).toHaveAttribute('aria-sort', 'descending')
    expect(cellTexts()[0]).toBe('token_embd.weight')
    expect(cellTexts()[1]).toMatch(/ffn_down/)
    await userEvent.keyboard(' ')
    await expect.element(heading).toHaveAttribute('aria-sort', 'none')
  })

  it('are filtered, and the filter says what is left', async () => {
    await show()
    await openTab('Tensors')
    await page.getByRole('searchbox').fill('attn_v q6_k')
    await expect.element(page.getByText(/^8 of 434 tensors/)).toBeVisible()
    expect(cellTexts()).toHaveLength(8)
    await expect
      .element(page.getByRole('img', { name: 'raised above the base type' }).first())
      .toBeVisible()
  })
})

describe('bits', () => {
  it('says in words what was raised, where', async () => {
    await show()
    await openTab('Bits')
    await expect
      .element(page.getByText('attn_v and ffn_down were raised to Q6_K in layers 0-3 and 32-35.'))
      .toBeVisible()
    await expect.element(page.getByText('embedding was raised to Q6_K.')).toBeVisible()
  })

  it('has one cell in the tab order; arrow keys move over the others', async () => {
    await show()
    await openTab('Bits')
    await expect.element(page.getByRole('gridcell', { name: 'attn_q, layer 0:' })).toBeVisible()
    expect(document.querySelectorAll('[role=gridcell]')).toHaveLength(7 * 36)
    expect(document.querySelectorAll('[role=gridcell][tabindex="0"]')).toHaveLength(1)
    page.getByRole('gridcell', { name: 'attn_q, layer 0:' }).element().focus()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowRight}')
    const cell = page.getByRole('gridcell', { name: 'attn_v, layer 1:' })
    await expect.element(cell).toHaveFocus()
    await expect
      .element(cell)
      .toHaveAccessibleName(
        'attn_v, layer 1: Q6_K, 6.56 bits per weight, raised above the base type',
      )
    await userEvent.keyboard('{End}{ArrowRight}{ArrowUp}{ArrowUp}{ArrowUp}')
    await expect.element(page.getByRole('gridcell', { name: 'attn_q, layer 35:' })).toHaveFocus()
  })
})

describe('the chat template', () => {
  it('is shown to the letter, with its format', async () => {
    await show()
    await openTab('Chat template')
    const text = page.getByRole('region', { name: 'Chat template' })
    expect(text.element().textContent).toBe(template)
    await expect.element(page.getByText('xLAM', { exact: true })).toBeVisible()
    expect(text.element().querySelectorAll('span').length).toBeGreaterThan(50)
    await page.getByRole('switch', { name: 'Wrap lines' }).click()
    expect(getComputedStyle(text.element()).whiteSpace).toBe('pre')
  })

  it('may be two, one of them for tools', async () => {
    await show({ chatTemplate: 'plain {{ x }}', toolUseTemplate: 'tools {{ y }}' })
    await openTab('Chat template')
    const text = page.getByRole('region', { name: 'Chat template' })
    await expect.element(text).toHaveTextContent('plain {{ x }}')
    await page.getByRole('switch', { name: 'For tools' }).click()
    await expect.element(text).toHaveTextContent('tools {{ y }}')
    await expect.element(page.getByText('No format recognised')).toBeVisible()
  })

  it('of an unknown family is asked how it writes calls', async () => {
    await show({
      chatTemplate: `{%- for message in messages %}{{- '<turn>' + (message.content or '') }}{%- if message.tool_calls %}{% for call in message.tool_calls %}{{ '<act>\\n{"tool": "' + call.function.name + '", "args": ' + (call.function.arguments | tojson) + '}\\n</act>\\n' }}{% endfor %}{% endif %}{{- '<end>' }}{%- endfor %}`,
    })
    await openTab('Chat template')
    await expect.element(page.getByText('Found by comparing what it prints')).toBeVisible()
    await expect.element(page.getByText(/begin with/).first()).toBeVisible()
    await expect.element(page.getByText('No format recognised')).not.toBeInTheDocument()
  })

  it('may be missing', async () => {
    await show({ chatTemplate: null })
    await openTab('Chat template')
    await expect.element(page.getByText('No chat template')).toBeVisible()
  })
})

it('joins the shards, and says when some were not read', async () => {
  const split = { index: 0, count: 2, tensorCount: 434 }
  const [first, second] = [header.tensors.slice(0, 200), header.tensors.slice(200)]
  const screen = await show({ tensors: first, tensorCount: 200, split })
  await expect.element(page.getByText(/list 200 of the model’s 434 tensors/)).toBeVisible()
  await screen.unmount()
  await show({ tensors: first, tensorCount: 200, split }, [{ ...header, tensors: second }])
  await openTab('Tensors')
  await expect.element(page.getByText(/^434 of 434 tensors/)).toBeVisible()
  expect(document.body.textContent).not.toContain('of the model’s')
})

it('an empty file breaks nothing', async () => {
  const empty = await headerOf({ metadata: {}, tensors: [] })
  await show({ ...empty })
  for (const tab of TABS) await openTab(tab)
  await expect.element(page.getByText('No chat template')).toBeVisible()
})

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  it.each([1440, 390])('is accessible and fits at %d pixels', async (width) => {
    document.documentElement.dataset['theme'] = theme
    await page.viewport(width, 800)
    await show()
    for (const tab of TABS) {
      await openTab(tab)
      const { violations } = await axe.run(document.body, {
        rules: { 'page-has-heading-one': { enabled: false } },
      })
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      expect(document.documentElement.scrollWidth).toBe(width)
    }
    delete document.documentElement.dataset['theme']
  })
})
