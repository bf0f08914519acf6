import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { gate } from '../../session/__fixtures__/answering-engine.ts'
import { callScript, renderWithStore, weatherCall } from '../__fixtures__/render-with-store.tsx'
import { ChatPane } from '../chat/chat-pane.tsx'
import { InspectorPane } from './inspector-pane.tsx'

const section = (name: RegExp) => page.getByRole('region', { name })
const row = (name: string) => page.getByRole('row', { name })

describe('the calls', () => {
  it('shows each argument with its mark and the reason', async () => {
    const store = await renderWithStore(<InspectorPane />, {
      answers: [callScript(weatherCall({ unit: 'celcius', days: 'two', colour: 1 }))],
    })
    await store.getState().send('Weather?')
    await expect.element(section(/^Call 1/)).toHaveTextContent(/Invalid/)
    await expect.element(row('unit')).toHaveTextContent(/celcius.*Did you mean celsius\?/)
    await expect.element(row('days')).toHaveTextContent(/integer/)
    await expect.element(row('colour')).toHaveTextContent(/not declared/)
    await expect.element(row('location')).toHaveTextContent(/required.*missing/)
    await expect.element(row('unit').getByRole('img', { name: 'Wrong' })).toBeVisible()
    await expect.element(row('colour').getByRole('img', { name: 'Look again' })).toBeVisible()
  })

  it('names the nearest tool for an unknown one', async () => {
    const store = await renderWithStore(<InspectorPane />, {
      answers: [callScript({ name: 'get_wether', arguments: {} })],
    })
    await store.getState().send('Weather?')
    await expect.element(section(/^Call 1/)).toHaveTextContent(/Did you mean get_weather\?/)
  })

  it('shows arguments as they are written', async () => {
    const { promise, open } = gate()
    const store = await renderWithStore(<InspectorPane />, {
      answers: [['[{"name": "get_weather", "arguments": {"location": "Os', promise, 'lo"}}]']],
    })
    const sent = store.getState().send('Weather?')
    await expect.element(section(/^Call 1/)).toHaveTextContent(/Writing/)
    await expect.element(row('location')).toHaveTextContent(/"Os/)
    open()
    await sent
    await expect.element(row('location')).toHaveTextContent(/"Oslo"/)
    await expect
      .element(row('location').getByRole('img', { name: 'Fits the schema' }))
      .toBeVisible()
  })

  it('edits an argument, after checking that it is JSON', async () => {
    const store = await renderWithStore(<InspectorPane />, {
      answers: [callScript(weatherCall({ location: 'Oslo' }))],
    })
    await store.getState().send('Weather?')
    await page.getByRole('button', { name: 'Edit location' }).click()
    const field = page.getByRole('textbox', { name: /New value of location/ })
    await expect.element(field).toHaveFocus()
    await field.fill('Bergen')
    await expect.element(page.getByText(/Not valid JSON/)).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Save' })).toBeDisabled()
    await page.getByRole('button', { name: 'Use as text' }).click()
    await expect.element(row('location')).toHaveTextContent(/"Bergen"/)
    expect(store.getState().transcript.nodes.size).toBe(3)
  })

  it('says where a malformed call broke', async () => {
    const store = await renderWithStore(<InspectorPane />, {
      answers: [['[{"name": "get_weather", "arguments": {location: "Oslo"}}]']],
    })
    await store.getState().send('Weather?')
    await expect.element(section(/^Call 1/)).toHaveTextContent(/Malformed.*Expected/)
    expect(
      section(/^Call 1/)
        .element()
        .querySelector('mark')?.textContent,
    ).toBe('l')
  })

  it('explains a call that was cut off', async () => {
    const end = {
      type: 'end',
      reason: 'length',
      usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 9 },
      timings: { prefillMs: 1, decodeMs: 1, firstTokenMs: 1 },
    } as const
    const store = await renderWithStore(<InspectorPane />, {
      answers: [['[{"name": "get_weather", "arguments": {"location": "Os', end]],
    })
    await store.getState().send('Weather?')
    await expect.element(section(/^Call 1/)).toHaveTextContent(/Cut off.*max tokens/)
  })

  it('shows no call as an outcome', async () => {
    const store = await renderWithStore(<InspectorPane />)
    await store.getState().send('Hello')
    await expect.element(page.getByText('No call', { exact: true })).toBeVisible()
  })

  it('says when an earlier answer is shown, and follows the newest again', async () => {
    const answers = [callScript(weatherCall({ location: 'Oslo' })), ['No more.']]
    const store = await renderWithStore(<InspectorPane />, { answers })
    await store.getState().send('Weather?')
    const earlier = store.getState().transcript.leafId
    await store.getState().send('And now?')
    await expect.element(page.getByText('No call', { exact: true })).toBeVisible()
    store.getState().inspectAnswer(earlier)
    await expect.element(section(/^Call 1/)).toBeVisible()
    await page.getByRole('button', { name: 'Follow the newest' }).click()
    await expect.element(page.getByText('No call', { exact: true })).toBeVisible()
  })
})

describe('pointing', () => {
  it('lights up a call in the transcript, in the list and in the output', async () => {
    const store = await renderWithStore(
      <>
        <ChatPane />
        <InspectorPane />
      </>,
      {
        answers: [
          callScript(weatherCall({ location: 'Oslo' }), weatherCall({ location: 'Bergen' })),
        ],
      },
    )
    await store.getState().send('Weather?')
    const lit = () =>
      [...document.querySelectorAll('mark[data-lit=true]')].map((mark) => mark.textContent).join('')
    const card = page.getByRole('button', { name: /^Call 2:/ })
    await card.hover()
    await expect.element(section(/^Call 2/)).toHaveAttribute('data-lit', 'true')
    expect(lit()).toBe('{"name":"get_weather","arguments":{"location":"Bergen"}}')
    await section(/^Call 1/)
      .getByRole('row', { name: 'location' })
      .hover()
    await expect.poll(lit).toBe('"location":"Oslo"')
    await expect.element(card).toHaveAttribute('data-lit', 'false')
    const mark = document.querySelector('mark[data-call="1"]')
    if (mark) await userEvent.hover(mark)
    await expect.element(card).toHaveAttribute('data-lit', 'true')
  })
})

describe('prompt and raw output', () => {
  it('shows the prompt that was sent, character by character', async () => {
    const store = await renderWithStore(<InspectorPane />)
    await store.getState().send('Hello  there')
    const leafId = store.getState().transcript.leafId
    const message = leafId && store.getState().transcript.nodes.get(leafId)?.message
    await page.getByRole('tab', { name: 'Prompt' }).click()
    const text = () => page.getByRole('region', { name: 'Prompt' }).element().textContent
    const prompt = message && message.type === 'assistant' ? message.prompt : ''
    expect(prompt).toContain('Hello  there')
    await expect.poll(text).toBe(prompt)
    await page.getByRole('switch', { name: 'Show white space' }).click()
    expect(text()).toBe(prompt)
  })

  it('shows what would be sent before there is an answer', async () => {
    const store = await renderWithStore(<InspectorPane />)
    store.getState().setComposerText('Not sent yet')
    await page.getByRole('tab', { name: 'Prompt' }).click()
    await expect.element(page.getByText(/Would be sent/)).toBeVisible()
    await expect
      .element(page.getByRole('region', { name: 'Prompt' }))
      .toHaveTextContent(/Not sent yet/)
  })

  it('shows a megabyte of output at once, the rest on demand', async () => {
    const store = await renderWithStore(<InspectorPane />, {
      answers: [['x y '.repeat(260_000)]],
    })
    await store.getState().send('Go')
    await page.getByRole('tab', { name: 'Raw' }).click()
    await expect.element(page.getByText(/The first 150,000 of 1,040,000 characters/)).toBeVisible()
  })
})
