import type { ChatMessage, ChatTool } from '../chat/openai-chat.ts'
import type { JsonObject, JsonValue } from '../lib/json.ts'
import type { ToolChoice } from '../tools/tool-choice.ts'

/** One turn, as data, for code that anyone can run against vLLM. */
export type CodeInput = {
  /** With `/v1`. */
  readonly baseUrl: string
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ChatTool[]
  /** Auto where it is left out. */
  readonly toolChoice?: ToolChoice
  /** False: one call at most. Null: as the server does by default. */
  readonly parallelCalls?: boolean | null
  readonly sampling: {
    readonly temperature: number
    readonly topP: number
    readonly topK: number
    readonly minP: number
    readonly repeatPenalty: number
    readonly seed: number | null
    readonly maxTokens: number
  }
}

export type CodeLanguage = 'serve' | 'python' | 'javascript' | 'curl'

/** What OpenAI's Python client takes as arguments; the rest goes through `extra_body`. */
const OPENAI_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_tokens',
  'temperature',
  'top_p',
  'seed',
])

/** The body for `/chat/completions` of vLLM: the same messages, tools and sampling as in the playground, not streamed. */
export function codeBody(input: CodeInput): JsonObject {
  const { model, messages, tools, toolChoice, parallelCalls = null, sampling } = input
  return {
    model,
    messages: messages as unknown as JsonValue,
    ...(tools.length > 0 && {
      tools: tools as unknown as JsonValue,
      tool_choice: choiceField(toolChoice),
      ...(parallelCalls !== null && { parallel_tool_calls: parallelCalls }),
    }),
    max_tokens: sampling.maxTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    ...(sampling.seed !== null && { seed: sampling.seed }),
    // vLLM's word for "all".
    top_k: sampling.topK === 0 ? -1 : sampling.topK,
    min_p: sampling.minP,
    repetition_penalty: sampling.repeatPenalty,
  }
}

function choiceField(choice: ToolChoice = { type: 'auto' }): JsonValue {
  return choice.type === 'tool'
    ? { type: 'function', function: { name: choice.name } }
    : choice.type
}

export function requestCode(input: CodeInput, language: CodeLanguage): string {
  switch (language) {
    case 'serve':
      return `vllm serve ${shellWord(input.model)} --enable-auto-tool-choice --tool-call-parser xlam\n`
    case 'python':
      return pythonCode(input)
    case 'javascript':
      return javascriptCode(input)
    case 'curl':
      return curlCode(input)
  }
}

function javascriptCode(input: CodeInput): string {
  return `const response = await fetch(${JSON.stringify(`${input.baseUrl}/chat/completions`)}, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Authorization: \`Bearer \${globalThis.process?.env.OPENAI_API_KEY ?? 'none'}\`,
  },
  body: JSON.stringify(${indented(JSON.stringify(codeBody(input), null, 2), '  ')}),
})
if (!response.ok) throw new Error(\`\${response.status} \${await response.text()}\`)
const { choices } = await response.json()
console.log(JSON.stringify(choices[0].message, null, 2))
`
}

/** In a quoted here-document nothing is special to the shell, and JSON never has a line that is its end mark. */
function curlCode(input: CodeInput): string {
  return `curl -sS ${shellWord(`${input.baseUrl}/chat/completions`)} \\
  -H 'Content-Type: application/json' \\
  -H "Authorization: Bearer \${OPENAI_API_KEY:-none}" \\
  --data-binary @- <<'END_OF_BODY'
${JSON.stringify(codeBody(input), null, 2)}
END_OF_BODY
`
}

function pythonCode(input: CodeInput): string {
  const body = codeBody(input)
  const entries = Object.entries(body)
  const known = entries.filter(([key]) => OPENAI_FIELDS.has(key))
  const extra = Object.fromEntries(entries.filter(([key]) => !OPENAI_FIELDS.has(key)))
  const lines = known.map(([key, value]) => `    ${key}=${indented(pythonText(value), '    ')},\n`)
  return `import os

from openai import OpenAI

client = OpenAI(
    base_url=${pythonText(input.baseUrl)},
    api_key=os.environ.get("OPENAI_API_KEY", "none"),
)
completion = client.chat.completions.create(
${lines.join('')}    extra_body=${indented(pythonText(extra), '    ')},
)
print(completion.choices[0].message.model_dump_json(indent=2))
`
}

/** A Python literal. JSON's strings are Python's too. */
function pythonText(value: JsonValue | undefined, indent = ''): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return JSON.stringify(value)
  const deeper = `${indent}    `
  const [open, close, items] = Array.isArray(value)
    ? (['[', ']', value.map((item: JsonValue) => pythonText(item, deeper))] as const)
    : ([
        '{',
        '}',
        Object.entries(value).map(
          ([key, item]) => `${JSON.stringify(key)}: ${pythonText(item, deeper)}`,
        ),
      ] as const)
  if (items.length === 0) return open + close
  return `${open}\n${items.map((item) => `${deeper}${item},\n`).join('')}${indent}${close}`
}

function indented(text: string, indent: string): string {
  return text.replaceAll('\n', `\n${indent}`)
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
