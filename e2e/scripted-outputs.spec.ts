import { scriptedGguf, words, type ScriptedGgufOptions } from './fixtures/scripted-gguf.ts'
import { AFTER_RESULTS, scriptTemplate } from './fixtures/script-templates.ts'
import { expect, test } from './fixtures/test.ts'
import type { Playground } from './fixtures/playground.ts'

/** The weather preset's tool: get_weather(location, unit?: celsius|fahrenheit). */
const CALL_OSLO = '{"name": "get_weather", "arguments": {"location": "Oslo"}}'

async function openWith(playground: Playground, model: ScriptedGgufOptions): Promise<void> {
  await playground.open()
  await playground.loadModel(scriptedGguf({ template: scriptTemplate(), ...model }))
}

/** Goes on with another model, of another name, in a new chat. */
async function goOnWith(playground: Playground, model: ScriptedGgufOptions): Promise<void> {
  await playground.loadModel(scriptedGguf({ template: scriptTemplate(), ...model }), model.name)
  await playground.newChat()
  await playground.showTab('Calls')
}

test('parallel calls: each is checked, each gets its result, in order', async ({ playground }) => {
  await openWith(playground, {
    script: [
      '[{"name": "get_weather", "arguments": {"location": "Oslo"}}',
      ', {"name": "get_weather", "arguments": {"location": "Rome", "unit": "celsius"}}',
      ', {"name": "get_weather", "arguments": {"location": "Lima", "unit": "fahrenheit"}}',
      ']',
    ],
    otherAnswers: [{ after: AFTER_RESULTS, script: ['Cold, ', 'warm and mild.'] }],
  })
  const answer = await playground.ask('Three cities')
  await expect(answer.getByRole('button', { name: /^Call \d:/ })).toHaveCount(3)
  await expect(playground.calls).toHaveCount(3)
  for (const [index, city] of ['Oslo', 'Rome', 'Lima'].entries()) {
    const call = playground.call(index + 1)
    await call.expectStatus('Waiting for a result')
    await expect(call.value('location')).toHaveText(`"${city}"`)
    await expect(call.mark('location', 'Fits the schema')).toBeVisible()
  }
  await expect(playground.call(3).value('unit')).toHaveText('"fahrenheit"')

  await playground.giveResults('{"t": 1}', '{"t": 22}', 'mild')
  await expect(playground.answers.last()).toContainText('Cold, warm and mild.')
  const prompt = await playground.readPrompt()
  expect(prompt.indexOf('{"t": 1}')).toBeGreaterThan(0)
  expect(prompt.indexOf('{"t": 22}')).toBeGreaterThan(prompt.indexOf('{"t": 1}'))
  expect(prompt.indexOf('mild')).toBeGreaterThan(prompt.indexOf('{"t": 22}'))
})

test('a call cut off by the length limit is shown as cut off, and can be had whole', async ({
  playground,
}) => {
  await openWith(playground, {
    script: [
      '[{"name": "get_weather", ',
      '"arguments": {',
      '"location": "Rey',
      'kja',
      'vik"}',
      '}]',
    ],
  })
  await playground.set('Max tokens', 4)
  const answer = await playground.ask('Weather in Reykjavik')
  await expect(answer.getByText('Cut off', { exact: true })).not.toHaveCount(0)
  await expect(answer).toContainText('Reached the max tokens limit')
  const call = playground.call(1)
  await call.expectStatus('Cut off')
  await expect(call.value('location')).toContainText('Reykja')
  await expect(call.region).toContainText('The output ended inside this call.')
  await expect(playground.resultsForm).toHaveCount(0)

  await playground.set('Max tokens', 64)
  await answer.getByRole('button', { name: 'Answer again' }).click()
  await call.expectStatus('Waiting for a result')
  await expect(call.value('location')).toHaveText('"Reykjavik"')
})

test('an emoji that is split over tokens arrives whole, in text and in an argument', async ({
  playground,
}) => {
  await openWith(playground, {
    script: [
      'Party ',
      new Uint8Array([0xf0, 0x9f]),
      new Uint8Array([0x8e, 0x89]),
      '! [{"name": "get_weather", "arguments": {"location": "Bali ',
      new Uint8Array([0xf0, 0x9f, 0x8f]),
      new Uint8Array([0x9d]),
      '"}}]',
    ],
  })
  const answer = await playground.ask('Weather')
  await expect(answer).toContainText('Party 🎉!')
  await expect(playground.call(1).value('location')).toHaveText('"Bali 🏝"')
  expect(await playground.readRaw()).toBe(
    'Party 🎉! [{"name": "get_weather", "arguments": {"location": "Bali 🏝"}}]',
  )
})

test('a call that is no JSON is kept as it was written, with the place that broke it', async ({
  playground,
}) => {
  const raw = '[{"name": "get_weather", "arguments": {"location": Oslo}}]'
  await openWith(playground, { script: [raw] })
  const answer = await playground.ask('Weather in Oslo')
  const call = playground.call(1)
  await call.expectStatus('Malformed')
  await expect(call.region).toContainText(/Expected .+, found .+, at character \d+/)
  await expect(call.region.locator('mark')).toHaveText('O')
  await expect(answer).toContainText('No call that can be read')
  await expect(playground.resultsForm).toHaveCount(0)
  expect(await playground.readRaw()).toBe(raw)
})

test('a call appears while it is written: first its name, then its arguments', async ({
  playground,
}) => {
  await openWith(playground, {
    script: ['[{"name": "get_weather", ', '"arguments": {"location": "', ...words(300), '"}}]'],
    idleWeights: 6_000_000,
  })
  await playground.send('Weather')
  await expect(
    playground.answers.getByRole('button', { name: /Call 1: get_weather/ }),
  ).toContainText('Writing')
  const call = playground.call(1)
  await call.expectStatus('Writing')
  await expect(call.value('location')).toHaveText(/^"w0 (w\d+ )*(w\d+)?▍?$/)
  await expect(playground.conversation.getByText(/^Writing · \d+ tokens?/)).toBeVisible()
  await call.expectStatus('Waiting for a result')
  await expect(call.value('location')).toHaveText(JSON.stringify(words(300).join('')))
})

test('a call and the output point at each other', async ({ playground }) => {
  await openWith(playground, {
    script: [
      'Sure. [{"name": "get_weather", "arguments": {"location": "Oslo", "unit": "celsius"}}]',
    ],
  })
  const answer = await playground.ask('Weather')
  const output = playground.inspector.getByRole('region', { name: 'The calls in the output' })
  const lit = output.locator('[data-lit=true]')
  await playground.call(1).argument('unit').hover()
  await expect(lit).toHaveText(['"unit": "celsius"'])
  await answer.getByRole('button', { name: /^Call 1/ }).hover()
  await expect(lit.first()).toContainText('{"name": "get_weather"')
  await output.getByText('"location": "Oslo"').hover()
  await expect(playground.call(1).region).toHaveAttribute('data-lit', 'true')
})

test('what does not fit the tool is marked at its place, with the reason', async ({
  playground,
}) => {
  await test.step('wrong values', async () => {
    await openWith(playground, {
      script: [
        '[{"name": "get_weather", "arguments": {"location": 42, ',
        '"unit": "celcius", "days": 3}}]',
      ],
    })
    await playground.ask('Weather')
    const call = playground.call(1)
    await call.expectStatus('Invalid')
    await expect(call.mark('location', 'Wrong')).toBeVisible()
    await expect(call.argument('location')).toContainText(/Expected .*string.*, got .*42/)
    await expect(call.mark('unit', 'Wrong')).toBeVisible()
    await expect(call.argument('unit')).toContainText('Did you mean celsius?')
    await expect(call.mark('days', 'Look again')).toBeVisible()
    await expect(call.argument('days')).toContainText('not declared')

    // The user may answer as a strict tool would.
    await playground.resultsForm.getByRole('button', { name: 'Use the validation error' }).click()
    await expect(playground.resultsForm.getByRole('textbox')).toHaveValue(/"error".*celsius/s)
  })
  await test.step('a missing argument', async () => {
    await goOnWith(playground, {
      name: 'model 2',
      script: ['[{"name": "get_weather", "arguments": {"unit": "celsius"}}]'],
    })
    await playground.ask('Weather')
    const call = playground.call(1)
    await call.expectStatus('Invalid')
    await expect(call.mark('location', 'Wrong')).toBeVisible()
    await expect(call.value('location')).toContainText('missing')
    await expect(call.mark('unit', 'Fits the schema')).toBeVisible()
  })
  await test.step('an unknown tool', async () => {
    await goOnWith(playground, {
      name: 'model 3',
      script: ['[{"name": "get_wether", "arguments": {"location": "Oslo"}}]'],
    })
    await playground.ask('Weather')
    const call = playground.call(1)
    await call.expectStatus('Invalid')
    await expect(call.region).toContainText('There is no tool named "get_wether".')
    await expect(call.region).toContainText('Did you mean get_weather?')
    await expect(call.mark('location', 'Not checked')).toBeVisible()
  })
})

test('what is no call is shown as it was written', async ({ playground }) => {
  await test.step('prose with brackets and a JSON example', async () => {
    const text =
      'Sets like [1, 2] or {a, b} are fine. Say {"location": "Oslo"} or [{"city": "Rome"}] to me (an example).'
    await openWith(playground, { script: text.split(/(?<=\. )/) })
    const answer = await playground.ask('What do you need?')
    await expect(answer).toContainText(text)
    await expect(answer.getByText('No call', { exact: true })).toBeVisible()
    await expect(playground.inspector.getByText('No call', { exact: true })).toBeVisible()
    await expect(answer.getByRole('button', { name: /^Call/ })).toHaveCount(0)
    expect(await playground.readRaw()).toBe(text)
  })
  await test.step('plain text', async () => {
    await goOnWith(playground, {
      name: 'model 2',
      script: ['Which city', ' do you mean?'],
    })
    const answer = await playground.ask('Weather')
    await expect(answer).toContainText('Which city do you mean?')
    await expect(answer.getByText('No call', { exact: true })).toBeVisible()
    await expect(playground.resultsForm).toHaveCount(0)
  })
  await test.step('an empty array', async () => {
    await goOnWith(playground, {
      name: 'model 3',
      script: ['[]'],
    })
    const answer = await playground.ask('Hello')
    await expect(answer.getByText('No call', { exact: true })).toBeVisible()
  })
})

test('calls in the formats of other families are read', async ({ playground }) => {
  await test.step('Hermes: in tags, with text around them', async () => {
    await openWith(playground, {
      template: scriptTemplate('hermes'),
      script: ['Let me', ' look.\n', '<tool_call>', `\n${CALL_OSLO}\n`, '</tool_call>'],
    })
    const answer = await playground.ask('Weather in Oslo')
    await expect(answer.getByText('Let me look.', { exact: true })).toBeVisible()
    await expect(answer).not.toContainText('tool_call')
    await playground.call(1).expectStatus('Waiting for a result')
    await expect(playground.call(1).value('location')).toHaveText('"Oslo"')
    expect(await playground.readRaw()).toContain('<tool_call>')
  })
  await test.step('Llama: parameters, after a control token', async () => {
    await goOnWith(playground, {
      name: 'model 2',
      template: scriptTemplate('llama-json'),
      script: [
        { control: '<|python_tag|>' },
        '{"name": "get_weather", ',
        '"parameters": {"location": "Oslo"}}',
      ],
    })
    const answer = await playground.ask('Weather in Oslo')
    await playground.call(1).expectStatus('Waiting for a result')
    await expect(playground.call(1).value('location')).toHaveText('"Oslo"')
    await expect(answer).not.toContainText('python_tag')
    expect(await playground.readRaw()).toMatch(/^<\|python_tag\|>\{/)
  })
})

test('a chat template that cannot be used is named, and a fallback is used', async ({
  playground,
}) => {
  await test.step('one that refuses', async () => {
    await openWith(playground, {
      template: `in a single JSON array {{- raise_exception('No tools, please') -}}`,
      script: [`[${CALL_OSLO}]`],
    })
    await playground.ask('Weather in Oslo')
    await playground.call(1).expectStatus('Waiting for a result')
    await playground.showTab('Prompt')
    await expect(playground.inspector).toContainText("The model's chat template refuses")
    await expect(playground.inspector).toContainText("Callground's fallback")
    expect(await playground.readPrompt()).toContain('<|im_start|>user\nWeather in Oslo<|im_end|>')
  })
  await test.step('none at all', async () => {
    await playground.loadModel(
      scriptedGguf({ name: 'model 2', script: [`[${CALL_OSLO}]`] }),
      'model 2',
    )
    await playground.newChat()
    await playground.showTab('Calls')
    await playground.ask('Weather in Oslo')
    await playground.call(1).expectStatus('Waiting for a result')
    await playground.showTab('Prompt')
    await expect(playground.inspector).toContainText('The model file has no chat template')
    const dialog = await playground.openModelDialog()
    await expect(dialog).toContainText('None: a fallback is used')
  })
})

test('a broken call is explained, and its repair is shown, taken and marked', async ({
  playground,
  page,
}) => {
  await openWith(playground, {
    script: ['[{"name": "get_weather", ', '"arguments": {"location": ', "'Oslo'", ',}}]'],
  })
  await playground.ask('Weather in Oslo')
  const offer = page.getByRole('region', { name: 'What it may have meant' })
  await expect(offer).toContainText('single quotes made double, trailing comma removed')
  await expect(offer.locator('ins')).toHaveText(['"Oslo"'])
  await expect(offer).toContainText('It then fits the schema of its tool.')
  await offer.getByRole('button', { name: 'Take the repair' }).click()
  const call = playground.call(1)
  await call.expectStatus('Waiting for a result')
  await expect(call.value('location')).toHaveText('"Oslo"')
  await expect(page.getByText('repaired', { exact: true })).toBeVisible()
  await expect(page.getByText(/repaired on your word/)).toBeVisible()
})

test('a call in another format is named, and read when the user says so', async ({
  playground,
  page,
}) => {
  await openWith(playground, {
    script: [
      '<tool_call>\n<function=get_weather>\n',
      '<parameter=location>\nOslo\n',
      '</parameter>\n</function>\n</tool_call>',
    ],
  })
  await playground.ask('Weather in Oslo')
  const offer = page.getByRole('region', { name: 'What it may have meant' })
  await offer.getByRole('button', { name: 'Read as Qwen3-Coder XML' }).click()
  const call = playground.call(1)
  await call.expectStatus('Waiting for a result')
  await expect(call.value('location')).toHaveText('"Oslo"')
  await expect(call.mark('location', 'Fits the schema')).toBeVisible()
})
