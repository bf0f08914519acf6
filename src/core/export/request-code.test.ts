import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOpenAiServer, type OpenAiServer } from '../../../e2e/fixtures/openai-server.ts'
import { codeBody, requestCode, type CodeInput } from './request-code.ts'

const run = promisify(execFile)
let server: OpenAiServer
let folder: string
beforeAll(async () => {
  // Not streamed: this server answers in events all the same, and what counts here is the request.
  server = await startOpenAiServer({ models: ['Salesforce/xLAM-2-32b-fc-r'] })
  folder = await mkdtemp(join(tmpdir(), 'request-code-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** Everything that a shell, JavaScript or Python could take for its own. */
const NASTY = `It's "quoted" $HOME \`id\` \\n \${x} %s {y} </script>\nEND_OF_BODY_\n“é”🙂 \u2028`

const input = (): CodeInput => ({
  baseUrl: server.baseUrl,
  model: 'Salesforce/xLAM-2-32b-fc-r',
  messages: [
    { role: 'system', content: NASTY },
    { role: 'user', content: 'Weather?' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: 'call00000',
          type: 'function',
          function: { name: 'get_weather', arguments: '{"a": "\\"\'"}' },
        },
      ],
    },
    { role: 'tool', tool_call_id: 'call00000', content: NASTY },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        parameters: {
          type: 'object',
          properties: { days: { type: 'integer', default: null } },
          additionalProperties: false,
          required: [],
        },
      },
    },
  ],
  sampling: {
    temperature: 0,
    topP: 0.8,
    topK: 0,
    minP: 0,
    repeatPenalty: 1,
    seed: 7,
    maxTokens: 64,
  },
})

describe('the code for a request', () => {
  it('curl, run, sends the body', async () => {
    await run('sh', ['-c', requestCode(input(), 'curl')])
    expect(server.requests.at(-1)).toMatchObject({
      path: '/v1/chat/completions',
      authorization: 'Bearer none',
    })
    expect(server.requests.at(-1)?.body).toEqual(codeBody(input()))
  })

  it('JavaScript, run, sends the body', async () => {
    const file = join(folder, 'request.mjs')
    await writeFile(file, requestCode(input(), 'javascript'))
    const { stdout } = await run(process.execPath, [file])
    expect(server.requests.at(-1)?.body).toEqual(codeBody(input()))
    expect(JSON.parse(stdout)).toMatchObject({ role: 'assistant', content: 'Hello there.' })
  })

  it('Python, compiled and run against a stand-in for the client, passes the body on', async () => {
    const file = join(folder, 'request.py')
    await writeFile(file, requestCode(input(), 'python'))
    await run('python3', ['-m', 'py_compile', file])
    await writeFile(join(folder, 'openai.py'), OPENAI_STAND_IN)
    await run('python3', [file], { cwd: folder })
    expect(server.requests.at(-1)?.body).toEqual(codeBody(input()))
  })

  it('holds the answer to the same rules', () => {
    const named = { type: 'tool', name: 'get_weather' } as const
    expect(codeBody({ ...input(), toolChoice: named, parallelCalls: false })).toMatchObject({
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      parallel_tool_calls: false,
    })
    expect(codeBody({ ...input(), toolChoice: { type: 'required' } })['tool_choice']).toBe(
      'required',
    )
    expect(codeBody(input())).not.toHaveProperty('parallel_tool_calls')
    const python = requestCode({ ...input(), parallelCalls: false }, 'python')
    expect(python).toContain('\n    parallel_tool_calls=False,\n')
  })

  it('names the parser for the server', () => {
    expect(requestCode({ ...input(), model: "it's" }, 'serve')).toBe(
      "vllm serve 'it'\\''s' --enable-auto-tool-choice --tool-call-parser xlam\n",
    )
  })
})

/** What the real client does with these arguments: `extra_body` is merged into the body. */
const OPENAI_STAND_IN = `
import json, urllib.request

class _Message:
    def __init__(self, message): self.message = message
    def model_dump_json(self, indent): return json.dumps(self.message, indent=indent)

class _Choice:
    def __init__(self, choice): self.message = _Message(choice["message"])

class _Completion:
    def __init__(self, body): self.choices = [_Choice(choice) for choice in body["choices"]]

class OpenAI:
    def __init__(self, base_url, api_key):
        self.base_url, self.api_key = base_url, api_key
        self.chat = self.completions = self
    def create(self, extra_body, **body):
        request = urllib.request.Request(
            self.base_url + "/chat/completions",
            data=json.dumps({**body, **extra_body}).encode(),
            headers={"Content-Type": "application/json", "Authorization": "Bearer " + self.api_key},
        )
        with urllib.request.urlopen(request) as response:
            return _Completion(json.load(response))
`
