import { readFile } from 'node:fs/promises'
import { connectServer } from './fixtures/connect-server.ts'
import { startOpenAiServer } from './fixtures/openai-server.ts'
import { scriptTemplate } from './fixtures/script-templates.ts'
import { scriptedGguf } from './fixtures/scripted-gguf.ts'
import type { Playground } from './fixtures/playground.ts'
import { expect, test } from './fixtures/test.ts'

const QWEN = new URL('../src/core/template/__fixtures__/qwen3.jinja', import.meta.url)
/** The presets' weather tool. */
const CALL = '{"name": "get_weather", "arguments": {"location": "London"}}'

async function compare(playground: Playground) {
  const { page } = playground
  await page.getByRole('button', { name: 'Compare with the engine’s own tool calling' }).click()
  const dialog = page.getByRole('dialog', { name: 'The engine’s own tool calling' })
  await expect(dialog.getByRole('region', { name: 'Our prompt, our parser' })).toContainText(
    '1 call',
  )
  return {
    dialog,
    ours: dialog.getByRole('region', { name: 'Our prompt, our parser' }),
    theirs: dialog.getByRole('region', { name: 'The engine’s own', exact: true }),
  }
}

test('llama.cpp fails on a correct answer of xLAM-2, and says so itself', async ({
  playground,
}) => {
  test.slow()
  await playground.open()
  await playground.loadModel(
    scriptedGguf({
      template: scriptTemplate('xlam'),
      script: [`[${CALL.slice(0, 20)}`, `${CALL.slice(20)}]`],
    }),
  )
  await playground.ask('Weather in London?')
  await expect(playground.calls).toHaveCount(1)
  const { dialog, ours, theirs } = await compare(playground)
  await expect(ours.getByRole('group', { name: 'Call 1, get_weather' })).toContainText('Valid')
  await expect(theirs.getByRole('alert')).toContainText(
    'It failed: The model produced output that does not match the expected peg-native format',
    { timeout: 60_000 },
  )
  await expect(theirs.getByRole('region', { name: 'Its own log' })).toContainText('peg-native')
  await expect(theirs).toContainText('No calls')
  await expect(dialog.getByRole('region', { name: 'Prompts' })).toContainText(/characters/)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(dialog).toHaveCount(0)
  // The running model never noticed.
  await playground.ask('Again?')
  await expect(playground.calls).toHaveCount(1)
})

test('llama.cpp reads a call of the Hermes kind', async ({ playground, findAxeViolations }) => {
  test.slow()
  await playground.open()
  await playground.loadModel(
    scriptedGguf({
      // With a short template of ours, llama.cpp finds no markers: it looks for them in how a template writes calls.
      template: await readFile(QWEN, 'utf8'),
      script: ['<tool_call>', `\n${CALL.slice(0, 24)}`, `${CALL.slice(24)}\n`, '</tool_call>'],
    }),
  )
  await playground.ask('Weather in London?')
  await expect(playground.calls).toHaveCount(1)
  const { theirs } = await compare(playground)
  await expect(theirs).toContainText('Ended: complete', { timeout: 60_000 })
  await expect(theirs.getByRole('group', { name: 'Call 1, get_weather' })).toContainText('Valid')
  expect(await findAxeViolations()).toEqual([])
})

test('a server in raw mode: its own tool calling, and the tool choice of chat mode', async ({
  page,
  playground,
}) => {
  const server = await startOpenAiServer({
    script: [`[${CALL.slice(0, 20)}`, `${CALL.slice(20)}]`],
  })
  try {
    await playground.open()
    await connectServer(playground, server, 'raw')
    await playground.ask('Weather in London?')
    await expect(playground.calls).toHaveCount(1)
    const { dialog, theirs } = await compare(playground)
    await expect(theirs).toContainText('Ended: complete')
    await expect(theirs.getByRole('group', { name: 'Call 1, get_weather' })).toContainText('Valid')
    // The server's own template, told by its tokens.
    const prompts = dialog.getByRole('region', { name: 'Prompts' })
    await expect(prompts).toContainText(/Ours [\d,]+ characters, the engine’s [\d,]+/)
    await expect(prompts).toContainText('<tools>')
    await dialog.getByRole('button', { name: 'Close' }).click()

    await connectServer(playground, server, 'chat')
    await page.getByRole('button', { name: /^Tool choice/ }).click()
    await expect(page.getByRole('menuitem', { name: /Strict arguments/ })).toBeDisabled()
    await page.getByRole('menuitem', { name: /Required/ }).click()
    await playground.ask('And again?')
    await expect(playground.answers).toHaveCount(2)
    const sent = server.requests.findLast(({ path }) => path === '/v1/chat/completions')?.body
    expect(sent).toMatchObject({ tool_choice: 'required' })
    await expect(
      playground.chat.getByTitle('The server was asked to hold the model to this'),
    ).toHaveText('required')
  } finally {
    await server.close()
  }
})
