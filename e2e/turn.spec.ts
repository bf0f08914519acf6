import type { Page } from '@playwright/test'
import type { Playground } from './fixtures/playground.ts'
import { scriptedGguf, type ScriptedGgufOptions } from './fixtures/scripted-gguf.ts'
import { AFTER_RESULTS, scriptTemplate } from './fixtures/script-templates.ts'
import { slowModel } from './fixtures/slow-model.ts'
import { expect, test } from './fixtures/test.ts'

const CALL = '[{"name": "get_weather", "arguments": {"location": "Oslo"}}]'
/** Calls Oslo, then says that it is cold. */
const ONE_CALL: ScriptedGgufOptions = {
  script: [CALL],
  otherAnswers: [{ after: AFTER_RESULTS, script: ['It is ', 'cold.'] }],
}
/** Asks for the weather for ever. */
const CALLS_AGAIN: ScriptedGgufOptions = {
  script: [CALL],
  otherAnswers: [
    {
      after: AFTER_RESULTS,
      script: ['[{"name": "get_weather", ', '"arguments": {"location": "Rome"}}]'],
    },
  ],
}

async function openWith(playground: Playground, model: ScriptedGgufOptions): Promise<void> {
  await playground.open()
  await playground.loadModel(scriptedGguf({ template: scriptTemplate(), ...model }))
}

/**
 * What 100 ms after the next token comes to in a test: the time from the click to the state, plus one token. A loaded
 * machine with two cores gets ten times that before it fails; a stop that waits for the whole answer takes far longer.
 */
const STOP_LIMIT_MS = 1000

/** Times from the next press of a key or button to the moment when the page can send again. Resolves once it is armed. */
async function armStopwatch(page: Page): Promise<() => Promise<number>> {
  const stopwatch = await page.evaluateHandle(() => {
    const elapsedMs = new Promise<number>((resolve) => {
      let startedMs = 0
      const begin = () => {
        startedMs ||= performance.now()
      }
      window.addEventListener('keydown', begin, { capture: true, once: true })
      window.addEventListener('pointerdown', begin, { capture: true, once: true })
      const canSend = () =>
        [...document.querySelectorAll('button')].some(({ textContent }) => textContent === 'Send')
      const observer = new MutationObserver(() => {
        if (startedMs === 0 || !canSend()) return
        observer.disconnect()
        resolve(performance.now() - startedMs)
      })
      observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    })
    return { elapsedMs }
  })
  return () => stopwatch.evaluate((armed) => armed.elapsedMs)
}

test('an answer stops at once, by button and by Esc, and what was written is kept', async ({
  page,
  playground,
}) => {
  await playground.open()
  await playground.loadModel(slowModel())
  await playground.send('Go on')
  await expect(playground.answers).toContainText('w9 ')
  const readButtonMs = await armStopwatch(page)
  await playground.stopButton.click()
  expect(await readButtonMs()).toBeLessThan(STOP_LIMIT_MS)
  await expect(playground.answers.getByText('Stopped', { exact: true })).toBeVisible()
  await expect(playground.answers).toContainText('w0 w1 w2')
  const raw = await playground.readRaw()

  // The engine is free again at once, and the stopped answer grows no more.
  await playground.send('Once more')
  await expect(playground.answers.nth(1)).toContainText('w3 ')
  const readEscMs = await armStopwatch(page)
  await page.keyboard.press('Escape')
  expect(await readEscMs()).toBeLessThan(STOP_LIMIT_MS)
  await playground.expectAnswers(2)
  await playground.answers.first().getByRole('button', { name: 'Inspect' }).click()
  expect(await playground.readRaw()).toBe(raw)
})

test('an answer can be stopped while the prompt is read', async ({ playground }) => {
  await playground.open()
  await playground.loadModel(slowModel(40_000_000))
  await playground.send('Go on')
  await expect(playground.conversation.getByText(/Reading the prompt/).first()).toBeVisible()
  await playground.stopButton.click()
  await playground.expectAnswers(1)
  await expect(playground.answers.getByText('Stopped', { exact: true })).toBeVisible()
})

test('editing a message answers it anew and keeps both branches', async ({ playground }) => {
  await openWith(playground, ONE_CALL)
  await playground.ask('Weather in Oslo')
  await playground.giveResults('{"t": -4}')
  await expect(playground.answers.last()).toContainText('It is cold.')

  await playground.conversation.getByRole('button', { name: 'Edit and send again' }).click()
  const editor = playground.conversation.getByRole('textbox', { name: 'Edit message' })
  await expect(editor).toBeFocused()
  await editor.fill('Weather in Rome')
  await editor.press('Enter')
  await playground.expectAnswers(1)
  await expect(playground.conversation).toContainText('Weather in Rome')

  const versions = playground.conversation.getByRole('group', { name: 'Versions of this message' })
  await expect(versions).toContainText('2/2')
  await versions.getByRole('button', { name: 'Previous message' }).click()
  await expect(playground.conversation).toContainText('Weather in Oslo')
  await expect(playground.answers).toHaveCount(2)
  await expect(playground.answers.last()).toContainText('It is cold.')
  await versions.getByRole('button', { name: 'Next message' }).click()
  await expect(playground.conversation).toContainText('Weather in Rome')
  await expect(playground.answers).toHaveCount(1)
})

test('answering again makes a second version of the answer', async ({ playground }) => {
  await openWith(playground, { script: ['One ', 'answer.'] })
  await playground.ask('Hello')
  await playground.answers.getByRole('button', { name: 'Answer again' }).click()
  const versions = playground.conversation.getByRole('group', { name: 'Versions of this answer' })
  await expect(versions).toContainText('2/2')
  await expect(playground.answers).toHaveCount(1)
  await expect(playground.answers).toContainText('One answer.')
  await versions.getByRole('button', { name: 'Previous answer' }).click()
  await expect(versions).toContainText('1/2')
  await expect(playground.answers).toContainText('One answer.')
})

test('an edited argument and an edited result go on from there', async ({ playground }) => {
  await openWith(playground, ONE_CALL)
  await playground.ask('Weather')
  await playground.giveResults('{"t": -4}')

  await playground.inspector.getByRole('button', { name: 'Show the calls before' }).click()
  const call = playground.call(1)
  await call.expectStatus('Done')
  await call.region.getByRole('button', { name: 'Edit location' }).click()
  const editor = call.region.getByRole('textbox', { name: /New value of location/ })
  await expect(editor).toHaveValue('"Oslo"')
  await editor.fill('"Bergen"')
  await editor.press('Enter')

  // The edited call waits for a result again, in a branch of its own.
  await expect(playground.answers).toHaveCount(1)
  await expect(playground.answers).toContainText('edited by you')
  await call.expectStatus('Waiting for a result')
  await expect(call.value('location')).toHaveText('"Bergen"')
  await playground.giveResults('{"t": 7}')
  await expect(playground.answers.last()).toContainText('It is cold.')
  expect(await playground.readPrompt()).toContain('Bergen')
  await expect(
    playground.conversation.getByRole('group', { name: 'Versions of this answer' }).first(),
  ).toContainText('2/2')

  await playground.conversation
    .getByRole('button', { name: 'Edit the result of get_weather' })
    .click()
  const result = playground.conversation.getByRole('textbox', { name: 'Result of get_weather' })
  await result.fill('{"t": 8}')
  await result.press('ControlOrMeta+Enter')
  await expect(
    playground.conversation.getByRole('group', { name: 'Versions of this results' }),
  ).toContainText('2/2')
  await playground.expectAnswers(2)
  const prompt = await playground.readPrompt()
  expect(prompt).toContain('"t": 8')
  expect(prompt).not.toContain('"t": 7')
})

test('automatic mode feeds the canned result and goes on by itself', async ({ playground }) => {
  await openWith(playground, ONE_CALL)
  await playground.chat.getByRole('switch', { name: 'Automatic' }).click()
  await playground.send('Weather in Oslo')
  await playground.expectAnswers(2)
  await expect(playground.answers.last()).toContainText('It is cold.')
  // The preset has a result of its own for Oslo.
  await expect(playground.conversation).toContainText('"condition": "snow"')
  await expect(playground.conversation.getByText('canned', { exact: true })).toBeVisible()
})

test('automatic mode stops at its cap, and when the same call is made again', async ({
  playground,
}) => {
  await openWith(playground, CALLS_AGAIN)
  await playground.chat.getByRole('switch', { name: 'Automatic' }).click()
  const cap = playground.chat.getByRole('spinbutton', { name: 'Most steps' })
  await cap.fill('2')
  await playground.send('Weather')
  await playground.expectAnswers(2)
  await expect(playground.notices).toContainText('Stopped after 2 steps')
  await expect(playground.resultsForm).toBeVisible()

  await cap.fill('9')
  await playground.newChat()
  await playground.send('Weather')
  // Oslo, Rome, and Rome once more.
  await playground.expectAnswers(3)
  await expect(playground.notices).toContainText(/get_weather was called 2 times with the same/)
  await expect(playground.resultsForm).toBeVisible()
})

test('automatic mode waits for the user when a call does not fit', async ({ playground }) => {
  await openWith(playground, {
    script: ['[{"name": "get_weather", "arguments": {"location": 3}}]'],
  })
  await playground.chat.getByRole('switch', { name: 'Automatic' }).click()
  await playground.ask('Weather')
  await expect(playground.notices).toContainText('Automatic mode waits for you')
  await expect(playground.resultsForm).toBeVisible()
})
