import {
  startOpenAiServer,
  type OpenAiServer,
  type OpenAiServerOptions,
} from './fixtures/openai-server.ts'
import { connectServer, testConnection } from './fixtures/connect-server.ts'
import { expect, test } from './fixtures/test.ts'

/** The presets' weather tool, called as xLAM does. */
const CALL = '[{"name": "get_weather", "arguments": {"location": "London"}}]'
let server: OpenAiServer
async function serve(options: OpenAiServerOptions): Promise<OpenAiServer> {
  return (server = await startOpenAiServer(options))
}
test.afterEach(() => server.close())
// The browser itself logs every refused answer.
test.use({ expectedErrors: [/Failed to load resource|blocked by CORS/] })

test('a call in raw mode: our prompt byte for byte, our parser', async ({ playground }) => {
  await serve({ script: [CALL.slice(0, 10), CALL.slice(10)] })
  await playground.open()
  await connectServer(playground, server, 'raw')
  await playground.ask('Weather in London?')
  await expect(playground.calls).toHaveCount(1)
  await expect(playground.call(1).argument('location')).toBeVisible()
  expect(await playground.readRaw()).toBe(CALL)
  const { body } = server.requests.findLast(({ path }) => path === '/v1/completions') ?? {}
  expect(await playground.readPrompt()).toBe(body?.['prompt'])
  const settings = await playground.openSettings()
  await expect(settings.getByRole('spinbutton', { name: 'Threads' })).toBeDisabled()
  await expect(settings.getByRole('spinbutton', { name: 'Context length' })).toBeDisabled()
})

test('a call in chat mode, then the built-in model goes on in the same conversation, and back', async ({
  playground,
}) => {
  await serve({ script: [CALL.slice(0, 30), CALL.slice(30)] })
  await playground.open()
  await connectServer(playground, server, 'chat')
  await playground.ask('Weather in London?')
  await expect(playground.calls).toHaveCount(1)
  const { body } = server.requests.findLast(({ path }) => path === '/v1/chat/completions') ?? {}
  expect(JSON.parse(await playground.readPrompt())).toEqual(body)
  expect(await playground.readRaw()).toContain('<|server_call|>{"name": "get_weather"')

  const dialog = await playground.openModelDialog()
  await dialog.getByRole('tab', { name: 'Running' }).click()
  await dialog.getByRole('button', { name: 'Load', exact: true }).click()
  await expect(dialog.getByRole('heading', { name: 'Callground Nano Running' })).toBeVisible()
  await playground.closeDialog()
  await playground.showTab('Calls')
  await playground.giveResults('{"temperature": 12}')
  await expect(playground.answers).toHaveCount(2)
  expect(await playground.readPrompt()).toContain(
    '{"name": "get_weather", "arguments": {"location": "London"}}',
  )

  const again = await playground.openModelDialog()
  await again.getByRole('tab', { name: 'Server' }).click()
  await again.getByRole('button', { name: /^Connect to scripted at/ }).click()
  await playground.closeDialog()
  await expect(playground.modelChip).toHaveAccessibleName(/vLLM at .*, chat$/)
  server.setScript(['It is mild.'])
  await playground.ask('Thanks')
  const sent = server.requests.findLast(({ path }) => path === '/v1/chat/completions')?.body
  const messages = (sent?.['messages'] ?? []) as readonly { readonly role: string }[]
  const roles = messages.map(({ role }) => role)
  expect(roles.slice(0, 3)).toEqual(['user', 'assistant', 'tool'])
  expect(roles.at(-1)).toBe('user')
})

test('each failure says what to do', async ({ page, playground }) => {
  await serve({ key: 'sk-right' })
  await playground.open()
  const dialog = await testConnection(playground, server.baseUrl)
  const alert = dialog.getByRole('alert')
  await expect(alert).toContainText('wants a key (401)')
  await dialog.getByLabel('Key (optional)').fill('sk-wrong')
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(alert).toContainText('does not accept the key (401)')
  await dialog.getByLabel('Key (optional)').fill('sk-right')
  await dialog.getByRole('button', { name: 'Test the connection' }).click()
  await expect(dialog.getByText('answers with 1 model.')).toBeVisible()
  await dialog.getByLabel('Mode', { exact: true }).selectOption('chat')
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await playground.closeDialog()
  await expect(playground.modelChip).toHaveAccessibleName(/chat$/)
  for (const [fault, words] of [
    // Browsers show Retry-After only to the server's own pages, unless it exposes the header.
    [{ type: 'status', status: 429, message: 'no', retryAfter: 9 }, 'too many requests (429)'],
    [
      { type: 'status', status: 404, message: 'The model is gone' },
      'does not have the model scripted',
    ],
    [
      { type: 'error-midway', message: 'Engine died', style: 'data' },
      'failed in the middle of the answer',
    ],
    [{ type: 'cut' }, 'broke before the answer was over'],
  ] as const) {
    server.setFault(fault)
    await playground.ask('Hi')
    await expect(playground.chat.getByText(words).last()).toBeVisible()
  }
  const kept = await page.evaluate(() => JSON.stringify(localStorage))
  expect(kept).not.toContain('sk-right')
})

test('a reload comes back to the server; without its key it asks for it in one click', async ({
  page,
  playground,
}) => {
  await serve({ key: 'sk-right', script: ['It is mild.'] })
  await playground.open()
  const dialog = await testConnection(playground, server.baseUrl, 'sk-right')
  await dialog.getByLabel('Mode', { exact: true }).selectOption('chat')
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click()
  await playground.closeDialog()
  const isServer = /^Model: scripted\. vLLM at 127\.0\.0\.1:\d+, chat$/
  await expect(playground.modelChip).toHaveAccessibleName(isServer)
  await playground.ask('How is the weather?')

  await page.reload()
  await expect(playground.modelChip).toHaveAccessibleName(isServer)
  await expect(playground.conversation).toContainText('It is mild.')

  // As in a new tab.
  await page.evaluate(() => sessionStorage.clear())
  await page.reload()
  await playground.expectModel('Callground Nano')
  await expect(playground.conversation).toContainText('It is mild.')
  await expect(playground.notices).toContainText('wants a key (401)')
  await playground.notices.getByRole('button', { name: 'Enter the key' }).click()
  const form = page.getByRole('form', { name: /^Key for 127\.0\.0\.1/ })
  await form.getByLabel(/wants a key for scripted$/).fill('sk-right')
  await form.getByRole('button', { name: 'Connect' }).click()
  await expect(form).toBeHidden()
  await playground.closeDialog()
  await expect(playground.modelChip).toHaveAccessibleName(isServer)
  await playground.ask('And tomorrow?')
  await expect(playground.answers).toHaveCount(2)
  expect(server.requests.at(-1)?.authorization).toBe('Bearer sk-right')
})

test('a server that allows no other origin: the flag to set', async ({ playground }) => {
  await serve({ cors: false })
  await playground.open()
  const dialog = await testConnection(playground, server.baseUrl)
  await expect(dialog.getByRole('alert')).toContainText('--allowed-origins')
})
