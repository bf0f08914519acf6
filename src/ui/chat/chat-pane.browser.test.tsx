import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { CannedResultId } from '../../core/tools/tool.ts'
import { gate } from '../../session/__fixtures__/answering-engine.ts'
import {
  callScript,
  renderWithStore,
  weatherCall,
  WEATHER_TOOL,
} from '../__fixtures__/render-with-store.tsx'
import { ChatPane } from './chat-pane.tsx'

const composer = () => page.getByRole('textbox', { name: 'Message' })
const log = () => page.getByRole('log')

const OSLO = callScript(weatherCall({ location: 'Oslo' }))

describe('the chat', () => {
  it('streams a call into a card, takes its result and goes on', async () => {
    const { promise, open } = gate()
    const answers = [[...OSLO.slice(0, 6), promise, ...OSLO.slice(6)], ['It is 12 °C.']]
    await renderWithStore(<ChatPane />, { answers })
    await composer().fill('Weather in Oslo?')
    await userEvent.keyboard('{Enter}')
    await expect.element(composer()).toHaveValue('')
    const card = page.getByRole('button', { name: /^Call 1:/ })
    await expect.element(card).toHaveTextContent(/get_weather.*Writing/)
    await expect.element(page.getByRole('button', { name: 'Stop' })).toBeVisible()
    open()
    await expect.element(card).toHaveTextContent(/"location":"Oslo".*Waiting for a result/)
    await page.getByRole('textbox', { name: /Result of get_weather/ }).fill('{"temp": 12}')
    await expect.element(page.getByText('Valid JSON')).toBeVisible()
    await page.getByRole('button', { name: /Send result/ }).click()
    await expect.element(page.getByText('It is 12 °C.')).toBeVisible()
    await expect.element(card).toHaveTextContent('Done')
    await expect.element(page.getByText('typed')).toBeVisible()
    await expect.element(page.getByText('No call')).toBeVisible()
  })

  it('stops on Esc and keeps what was written', async () => {
    await renderWithStore(<ChatPane />, {
      answers: [['One two', new Promise(() => undefined)]],
    })
    await composer().fill('Count')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('One two')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByText('Stopped')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Send', exact: true })).toBeVisible()
    await expect.element(page.getByText('One two')).toBeVisible()
  })

  it('shows the prefill as a phase of its own', async () => {
    await renderWithStore(<ChatPane />, {
      answers: [
        [{ type: 'prefill', done: 128, total: 512, cached: 96 }, new Promise(() => undefined)],
      ],
    })
    await composer().fill('Hi')
    await userEvent.keyboard('{Enter}')
    await expect
      .element(page.getByText('Reading the prompt 128 / 512 tokens (96 cached)'))
      .toBeVisible()
    await expect
      .element(page.getByRole('progressbar', { name: 'Reading the prompt' }))
      .toHaveAttribute('aria-valuenow', '25')
  })

  it('waits for a model that is still loading', async () => {
    const store = await renderWithStore(<ChatPane />, { isModelReady: false })
    const loading = store.getState().loadBuiltInModel()
    await composer().fill('Hi')
    await userEvent.keyboard('{Enter}')
    await loading
    await expect.element(page.getByText('Hello.')).toBeVisible()
  })

  it('edits a message into a new branch and goes back', async () => {
    await renderWithStore(<ChatPane />, { answers: [['First.'], ['Second.']] })
    await composer().fill('Old question')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('First.')).toBeVisible()
    await page.getByRole('button', { name: 'Edit and send again' }).click()
    await page.getByRole('textbox', { name: 'Edit message' }).fill('New question')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('Second.')).toBeVisible()
    await expect.element(log()).not.toHaveTextContent('First.')
    await page.getByRole('button', { name: 'Previous message' }).click()
    await expect.element(log()).toHaveTextContent('First.')
    await expect.element(log()).toHaveTextContent('Old question')
    await expect.element(page.getByText('1/2')).toBeVisible()
  })

  it('leaves the message alone when editing is cancelled', async () => {
    const store = await renderWithStore(<ChatPane />)
    await composer().fill('Question')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('Hello.')).toBeVisible()
    await page.getByRole('button', { name: 'Edit and send again' }).click()
    await userEvent.keyboard(' more{Escape}')
    await expect.element(log()).toHaveTextContent('Question')
    expect(store.getState().transcript.nodes.size).toBe(2)
  })

  it('does not send on the Enter that ends a composition', async () => {
    const store = await renderWithStore(<ChatPane />)
    await composer().fill('にほん')
    composer()
      .element()
      .dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Enter',
          isComposing: true,
          bubbles: true,
          cancelable: true,
        }),
      )
    expect(store.getState().transcript.leafId).toBeNull()
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}')
    expect(store.getState().transcript.leafId).toBeNull()
    await expect.element(composer()).toHaveValue('にほん\n')
  })

  it('offers the canned result that fits, and the error of an invalid call', async () => {
    const canned = [
      { id: 'a' as CannedResultId, when: { location: 'Bergen' }, content: '{"temp": 8}' },
      { id: 'b' as CannedResultId, when: { location: 'Oslo' }, content: '{"temp": 12}' },
    ]
    const store = await renderWithStore(<ChatPane />, {
      answers: [callScript(weatherCall({ location: 'Oslo', unit: 'kelvin' })), ['Done.']],
      tools: [{ ...WEATHER_TOOL, cannedResults: canned }],
    })
    await composer().fill('Weather?')
    await userEvent.keyboard('{Enter}')
    const field = page.getByRole('textbox', { name: /Result of get_weather/ })
    await page.getByRole('button', { name: 'Use canned result' }).click()
    await expect.element(field).toHaveValue('{"temp": 12}')
    await page.getByRole('button', { name: 'Use the validation error' }).click()
    await expect.element(field).toHaveValue(expect.stringMatching(/"error":.*kelvin/))
    await page.getByRole('combobox', { name: /Canned results/ }).selectOptions('a')
    await expect.element(field).toHaveValue('{"temp": 8}')
    await field.click()
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect.element(page.getByText('Done.')).toBeVisible()
    await expect.element(page.getByText('canned', { exact: true })).toBeVisible()
    expect(store.getState().resultDrafts).toEqual({})
  })

  it('goes on from an edited result, in a new branch', async () => {
    await renderWithStore(<ChatPane />, { answers: [OSLO, ['First.'], ['Second.']] })
    await composer().fill('Weather?')
    await userEvent.keyboard('{Enter}')
    await page.getByRole('button', { name: /Send result/ }).click()
    await expect.element(page.getByText('Completed, returned nothing')).toBeVisible()
    await expect.element(page.getByText('First.')).toBeVisible()
    await page.getByRole('button', { name: 'Edit the result of get_weather' }).click()
    await page.getByRole('textbox', { name: 'Result of get_weather' }).fill('rain')
    await page.getByRole('button', { name: 'Send results' }).click()
    await expect.element(page.getByText('Second.')).toBeVisible()
    await page.getByRole('button', { name: 'Previous results' }).click()
    await expect.element(page.getByText('First.')).toBeVisible()
  })

  it('tells why a turn failed and tries again', async () => {
    const error = { kind: 'context-exceeded', promptTokens: 5000, contextLength: 4096 } as const
    await renderWithStore(<ChatPane />, { answers: [[{ type: 'error', error }], ['Better.']] })
    await composer().fill('Hi')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('alert')).toHaveTextContent(/5,000 tokens/)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(page.getByText('Better.')).toBeVisible()
    expect(page.getByRole('alert').query()).toBeNull()
  })

  it('stays at the end while it grows, until the user scrolls up', async () => {
    const [first, second] = [gate(), gate()]
    const lines = (name: string) => Array.from({ length: 60 }, (_, line) => `${name} ${line}\n`)
    await renderWithStore(<ChatPane />, {
      answers: [[...lines('a'), first.promise, ...lines('b'), second.promise, ...lines('c')]],
    })
    await composer().fill('Go')
    await userEvent.keyboard('{Enter}')
    const container = log().element()
    const distance = () => container.scrollHeight - container.clientHeight - container.scrollTop
    await expect.element(log()).toHaveTextContent('a 59')
    await expect.poll(distance).toBeLessThan(2)
    first.open()
    await expect.element(log()).toHaveTextContent('b 59')
    await expect.poll(distance).toBeLessThan(2)
    container.scrollTop -= 200
    const jump = page.getByRole('button', { name: 'Jump to latest' })
    await expect.element(jump).toBeVisible()
    const top = container.scrollTop
    second.open()
    await expect.element(log()).toHaveTextContent('c 59')
    expect(container.scrollTop).toBe(top)
    await jump.click()
    await expect.poll(distance).toBeLessThan(2)
    expect(jump.query()).toBeNull()
  })

  it('can be driven by the keyboard alone', async () => {
    await renderWithStore(<ChatPane />, { answers: [OSLO, ['It is 12 °C.']] })
    await userEvent.tab()
    while (document.activeElement !== composer().element()) await userEvent.tab()
    await userEvent.keyboard('Weather in Oslo?{Enter}')
    const field = page.getByRole('textbox', { name: /Result of get_weather/ })
    await expect.element(field).toBeVisible()
    while (document.activeElement !== field.element()) await userEvent.tab({ shift: true })
    await userEvent.keyboard('12{Control>}{Enter}{/Control}')
    await expect.element(page.getByText('It is 12 °C.')).toBeVisible()
  })

  it('says which format instruction is in force under a system prompt', async () => {
    await renderWithStore(<ChatPane />)
    await page.getByRole('button', { name: /System prompt: none/ }).click()
    await page.getByRole('textbox', { name: 'System prompt' }).fill('Be brief.')
    // The scripted model has no template of its own.
    await expect.element(page.getByText('written by Callground')).toBeVisible()
  })
})
