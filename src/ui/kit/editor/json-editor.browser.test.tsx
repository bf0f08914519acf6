import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import '../../theme.css'
import type { EditorProblem } from './editor-problem.ts'
import { JsonEditor } from './json-editor.tsx'

const editor = () => page.getByRole('textbox', { name: 'Text' })

/** The editor with its text outside, as the store has it. */
function Harness(props: {
  readonly initial: string
  readonly problems?: readonly EditorProblem[]
  readonly onText?: (text: string) => void
}) {
  const [text, setText] = useState(props.initial)
  return (
    <div style={{ height: 240 }}>
      <JsonEditor
        label="Text"
        kind="json"
        value={text}
        problems={props.problems ?? []}
        onChange={(next) => {
          setText(next)
          props.onText?.(next)
        }}
      />
      <button type="button" onClick={() => setText(`// from elsewhere\n${text}`)}>
        change from outside
      </button>
      <output aria-label="stored">{text}</output>
    </div>
  )
}

const stored = () => page.getByLabelText('stored').element().textContent

async function ready() {
  await expect.element(page.getByRole('textbox', { name: 'Text' })).toHaveClass('cm-content')
}

describe('the JSON editor', () => {
  it('reports every keystroke, and undo', async () => {
    const texts: string[] = []
    await render(<Harness initial="" onText={(text) => texts.push(text)} />)
    await ready()
    await editor().click()
    await userEvent.keyboard('12')
    expect(texts).toEqual(['1', '12'])
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(stored()).toBe('')
  })

  it('takes a change from outside without losing the cursor or reporting it back', async () => {
    const texts: string[] = []
    await render(<Harness initial="123" onText={(text) => texts.push(text)} />)
    await ready()
    await editor().click()
    await userEvent.keyboard('{Control>}{Home}{/Control}{ArrowRight}')
    // Without moving the focus, as another tab does it.
    const button = page.getByRole('button', { name: 'change from outside' })
    button.element().dispatchEvent(new MouseEvent('click', { bubbles: true }))
    await expect.element(editor()).toHaveTextContent('// from elsewhere')
    expect(texts).toEqual([])
    await userEvent.keyboard('x')
    expect(stored()).toBe('// from elsewhere\n1x23')
  })

  it('lets Tab leave', async () => {
    await render(<Harness initial="1" />)
    await ready()
    await editor().click()
    await userEvent.keyboard('{Escape}{Tab}')
    expect(document.activeElement?.textContent).toBe('change from outside')
    expect(stored()).toBe('1')
  })

  it('adds nothing to the height of the page with its popups', async () => {
    await render(<Harness initial="" />)
    await ready()
    await editor().click()
    await userEvent.keyboard('{Control>} {/Control}')
    await expect.element(page.getByRole('listbox')).toBeVisible()
    expect(document.documentElement.scrollHeight).toBe(window.innerHeight)
  })

  it('marks problems, even where the text has become shorter', async () => {
    const problems: EditorProblem[] = [
      { severity: 'error', message: 'Wrong', span: { start: 1, end: 3 } },
      { severity: 'warning', message: 'Odd', span: { start: 90, end: 99 } },
    ]
    const { container } = await render(<Harness initial="12345" problems={problems} />)
    await ready()
    await expect.poll(() => container.querySelector('.cm-lintRange-error')?.textContent).toBe('23')
  })
})
