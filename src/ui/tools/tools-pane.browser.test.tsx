import '../theme.css'
import { beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { openTab } from '../../store/__fixtures__/harness.ts'
import type { AppStore } from '../../store/store.ts'
import { AppStoreContext } from '../use-app-store.ts'
import { ToolsPane } from './tools-pane.tsx'

const tool = (name: string, parameters: object = { type: 'object', properties: {} }) =>
  JSON.stringify({ name, description: `What ${name} does`, parameters }, null, 2)

async function show(texts: readonly string[]): Promise<AppStore> {
  const { store } = openTab()
  for (const text of texts) store.getState().addTool(text)
  store.getState().selectTool(null)
  await render(
    <AppStoreContext value={store}>
      <div style={{ height: 700, width: 420 }}>
        <ToolsPane />
      </div>
    </AppStoreContext>,
  )
  return store
}

const row = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) })
const editor = () => page.getByRole('textbox', { name: /^Definition of/ })
const texts = (store: AppStore) => store.getState().toolDocuments.map(({ text }) => text)
const names = (store: AppStore) =>
  texts(store).map((text) => /"name":\s*"(\w+)"/.exec(text)?.[1] ?? '')

/** Opens a tool and waits for CodeMirror, which replaces a plain text area. */
async function open(name: string) {
  await row(name).click()
  await expect.element(editor()).toHaveClass('cm-content')
}

async function replaceText(text: string) {
  await editor().click()
  await userEvent.keyboard('{Control>}a{/Control}')
  await userEvent.keyboard(text.replaceAll(/[[{]/g, '$&$&'))
}

beforeEach(async () => {
  await page.viewport(1280, 800)
})

describe('the list', () => {
  it('says how many tools are on, and switches them', async () => {
    const store = await show([tool('one'), tool('two')])
    await expect.element(page.getByText('2 of 2 on')).toBeVisible()
    await page.getByRole('switch', { name: 'Offer two to the model' }).click()
    await expect.element(page.getByText('1 of 2 on')).toBeVisible()
    expect(store.getState().toolDocuments.map(({ enabled }) => enabled)).toEqual([true, false])
  })

  it('shows what a tool takes, optional parameters marked', async () => {
    const properties = { location: { type: 'string' }, unit: { type: 'string' } }
    await show([tool('get_weather', { type: 'object', properties, required: ['location'] })])
    await expect.element(page.getByText('What get_weather does')).toBeVisible()
    await expect.element(page.getByText('location, unit?')).toBeVisible()
  })

  it('reorders by keyboard, keeps the focus on the row, and says so', async () => {
    const store = await show([tool('one'), tool('two'), tool('three')])
    row('one').element().focus()
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}')
    expect(names(store)).toEqual(['two', 'one', 'three'])
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}')
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}')
    expect(names(store)).toEqual(['two', 'three', 'one'])
    expect(document.activeElement).toBe(row('one').element())
    await expect.element(page.getByText('one is now number 3 of 3')).toBeInTheDocument()
  })

  it('duplicates, splits and deletes from the menu; deleting can be undone', async () => {
    const store = await show([tool('one'), `[${tool('two')}, ${tool('three')}]`])
    await page.getByRole('button', { name: 'Actions for one' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    expect(names(store)).toEqual(['one', 'one', 'two'])
    await page.getByRole('button', { name: 'Actions for 2 tools' }).click()
    await page.getByRole('menuitem', { name: 'Split into 2 tools' }).click()
    expect(names(store)).toEqual(['one', 'one', 'two', 'three'])
    await page.getByRole('button', { name: 'Actions for three' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    expect(names(store)).toEqual(['one', 'one', 'two'])
    store.getState().actOnNotice(store.getState().notices[0]?.id ?? '')
    await expect.element(row('three')).toBeVisible()
  })

  it('offers presets when it is empty', async () => {
    const store = await show([])
    const presets = page.getByRole('list', { name: 'Presets' })
    await presets.getByRole('button').first().click()
    expect(store.getState().toolDocuments.length).toBeGreaterThan(0)
    await expect.element(page.getByRole('list', { name: 'Tools' })).toBeVisible()
  })

  it('applies a preset from the menu', async () => {
    const store = await show([tool('mine')])
    await page.getByRole('button', { name: 'Presets' }).click()
    await page.getByRole('menuitem', { name: /Weather/i }).click()
    expect(names(store)).toEqual(['get_weather'])
  })
})

describe('importing', () => {
  it('takes an array typed into the dialog, a document for each', async () => {
    const store = await show([tool('one')])
    await page.getByRole('button', { name: 'Import tools' }).click()
    await page.getByRole('textbox', { name: 'Definitions' }).fill(`[${tool('a')},${tool('b')}]`)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    expect(names(store)).toEqual(['one', 'a', 'b'])
  })

  it('takes a dropped file, in the editor too, and leaves models to the page', async () => {
    const store = await show([tool('one')])
    await open('one')
    drop(editor().element(), new File([tool('dropped')], 'tools.json'))
    await expect.poll(() => names(store)).toEqual(['one', 'dropped'])
    const reachedPage: boolean[] = []
    const onDrop = (event: Event) => reachedPage.push(!event.defaultPrevented)
    window.addEventListener('drop', onDrop)
    await open('one')
    drop(editor().element(), new File(['GGUF'], 'model.gguf'))
    drop(row('one').element(), new File(['GGUF'], 'model.gguf'))
    window.removeEventListener('drop', onDrop)
    expect(reachedPage).toEqual([true, true])
    expect(texts(store)).toEqual([tool('one'), tool('dropped')])
  })

  it('takes text pasted on the list, but not what is pasted into a field', async () => {
    const store = await show([tool('one')])
    await open('one')
    paste(row('one').element(), tool('pasted'))
    expect(names(store)).toEqual(['one', 'pasted'])
    paste(editor().element(), '"typed"')
    expect(names(store)).toHaveLength(2)
  })
})

describe('the editor', () => {
  it('keeps invalid text, shows the problem in words, and moves the cursor there', async () => {
    const store = await show([tool('one')])
    await open('one')
    await replaceText('{"name": oops')
    expect(texts(store)[0]).toContain('{"name": oops')
    const problems = page.getByRole('list', { name: 'Problems' })
    await expect.element(problems.getByRole('button').first()).toBeVisible()
    await problems.getByRole('button').first().click()
    expect(document.activeElement).toBe(editor().element())
  })

  it('sets the text out with Prettify', async () => {
    const store = await show(['{"name":"one","parameters":{"type":"object"}}'])
    await open('one')
    await page.getByRole('button', { name: 'Prettify' }).click()
    await expect.poll(() => texts(store)[0]).toContain('\n  "name": "one",\n')
  })

  it('rewrites the notation', async () => {
    const store = await show([tool('one')])
    await open('one')
    await page.getByRole('button', { name: 'Notation: Bare' }).click()
    await page.getByRole('menuitem', { name: /^Anthropic/ }).click()
    expect(texts(store)[0]).toContain('"input_schema"')
    await expect.element(page.getByRole('button', { name: 'Notation: Anthropic' })).toBeVisible()
  })

  it('completes keys and values from the schema', async () => {
    const properties = '"properties": {"a": {}}'
    const store = await show([`{"name": "one", "parameters": {"type": "object", ${properties}}}`])
    await open('one')
    await editor().click()
    await userEvent.keyboard(
      '{Control>}{End}{/Control}{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}"ty',
    )
    await page.getByRole('option', { name: 'type' }).click()
    await page.getByRole('option', { name: 'integer' }).click()
    expect(texts(store)[0]).toContain('"a": {"type": "integer"}')
  })

  it('shows an undo made elsewhere', async () => {
    const store = await show([tool('one')])
    await open('one')
    const { toolDocuments, editToolText } = store.getState()
    const id = toolDocuments[0]?.id
    if (id) editToolText(id, '{"name": "renamed"}')
    await expect.element(editor()).toHaveTextContent('{"name": "renamed"}')
  })
})

describe('canned results', () => {
  it('are added with typed conditions, ordered and removed', async () => {
    const properties = { count: { type: 'integer' }, unit: { enum: ['c', 'f'] } }
    const store = await show([tool('one', { type: 'object', properties })])
    const results = () => store.getState().toolDocuments[0]?.cannedResults
    await open('one')
    await page.getByRole('tab', { name: /results/i }).click()
    await page.getByRole('button', { name: 'Add a result' }).click()
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('textbox', { name: /^Value of count/ }).fill('12')
    await page.getByRole('button', { name: 'Add a condition' }).click()
    await page.getByRole('combobox', { name: /^Value of unit/ }).selectOptions('f')
    await page.getByRole('textbox', { name: 'Content of result 1' }).fill('{"ok": true}')
    await expect.element(page.getByText('JSON object')).toBeVisible()
    expect(results()).toMatchObject([{ when: { count: 12, unit: 'f' }, content: '{"ok": true}' }])
    await page.getByRole('button', { name: 'Add a result' }).click()
    await page.getByRole('button', { name: 'Move result 2 up' }).click()
    await page.getByRole('button', { name: 'Remove result 2' }).click()
    expect(results()).toMatchObject([{ when: {}, content: '' }])
  })
})

it('on a phone the editor takes the pane, with a way back', async () => {
  await page.viewport(390, 780)
  await show([tool('one'), tool('two')])
  await open('two')
  await expect.element(row('one')).not.toBeInTheDocument()
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect.element(row('one')).toBeVisible()
})

function drop(target: Element, file: File) {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(file)
  target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
}

function paste(target: Element, text: string) {
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', text)
  target.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
  )
}
