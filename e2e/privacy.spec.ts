import { scriptedGguf } from './fixtures/scripted-gguf.ts'
import { scriptTemplate } from './fixtures/script-templates.ts'
import { expect, test } from './fixtures/test.ts'

test('a whole session asks its own origin for files, and nobody for anything else', async ({
  context,
  page,
  playground,
}) => {
  const requests: {
    readonly method: string
    readonly url: string
    readonly body: string | null
  }[] = []
  context.on('request', (request) => {
    requests.push({ method: request.method(), url: request.url(), body: request.postData() })
  })
  const violations: string[] = []
  await page.exposeFunction('noteViolation', (text: string) => violations.push(text))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      if ('noteViolation' in window && typeof window.noteViolation === 'function')
        window.noteViolation(`${violatedDirective} ${blockedURI}`)
    })
  })
  const secret = 'Weather in Secretville'
  await playground.open()
  await playground.ask(secret)
  await playground.applyPreset('Network')
  const [tool = ''] = await playground.toolNames()
  await playground.openTool(tool)
  // A schema that names an address must not be fetched by the editor.
  await playground.writeTool(
    '{"$schema": "https://example.com/schema.json", "name": "remote", "parameters": {"$ref": "https://example.com/ref.json"}}',
  )
  await expect(playground.toolRow('remote')).toBeVisible()
  await playground.loadModel(
    scriptedGguf({
      template: scriptTemplate(),
      // Text that a careless view would turn into requests.
      script: [
        '![pixel](https://example.com/pixel.png) ',
        '<img src="https://example.com/other.png">',
      ],
    }),
  )
  await playground.newChat()
  await playground.ask(secret)
  for (const tab of ['Prompt', 'Raw', 'Calls'] as const) await playground.showTab(tab)
  await playground.openSettings()
  await playground.closeDialog()
  await page.reload()
  await playground.expectModel('Callground Nano')

  const origin = new URL(page.url()).origin
  const others = requests.filter(
    ({ url }) => /^(https?|wss?):/.test(url) && !url.startsWith(`${origin}/`),
  )
  expect(others).toEqual([])
  expect(violations).toEqual([])
  expect(requests.filter(({ method, body }) => method !== 'GET' || body !== null)).toEqual([])
  expect(requests.filter(({ url }) => url.includes('Secretville') || url.includes('?'))).toEqual([])
})
