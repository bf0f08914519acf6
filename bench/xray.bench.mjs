import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const ENTRY = 'xray-bench-entry'
const TEMPLATES = ['xlam-qwen', 'qwen3', 'mistral-v3', 'llama-3.1']
const ROUNDS = 40

/**
 * What a keystroke costs while the Prompt tab is open: the prompt of 20 tools and 50 messages made and taken apart.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser }) {
  const bundled = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: ENTRY,
        resolveId: (id) => (id.endsWith(ENTRY) ? `${root}${ENTRY}.ts` : null),
        load: (id) =>
          id.endsWith(`${ENTRY}.ts`)
            ? "export { xrayPrompt } from './src/core/template/xray-prompt.ts'\nexport { formatById } from './src/core/formats/all-formats.ts'"
            : null,
      },
    ],
    build: { write: false, lib: { entry: ENTRY, formats: ['es'] } },
  })
  const [result] = Array.isArray(bundled) ? bundled : [bundled]
  if (!result || !('output' in result)) throw new Error('Nothing was bundled')
  const templates = await Promise.all(
    TEMPLATES.map(async (name) => ({
      name,
      source: await readFile(`${root}src/core/template/__fixtures__/${name}.jinja`, 'utf8'),
    })),
  )
  const page = await browser.newPage()
  const timings = await page.evaluate(measure, {
    code: result.output[0].code,
    templates,
    rounds: ROUNDS,
  })
  await page.close()
  return timings.map(({ name, medianMs }) => ({
    name: `prompt and X-ray, 20 tools, 50 messages, ${name}`,
    value: medianMs,
    unit: 'ms',
    goal: { atMost: 16 },
  }))
}

/**
 * Runs in the page.
 *
 * @param {{ code: string, templates: readonly { name: string, source: string }[], rounds: number }} options
 */
async function measure({ code, templates, rounds }) {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  const { xrayPrompt, formatById } = await import(url)
  const tools = Array.from({ length: 20 }, (_, index) => {
    const properties = Object.fromEntries(
      Array.from({ length: 4 }, (__, at) => [
        `parameter_${at}`,
        { type: 'string', description: `What the parameter number ${at} is for` },
      ]),
    )
    const parameters = { type: 'object', properties, required: ['parameter_0'] }
    const definition = { name: `tool_${index}`, description: `Does thing ${index}`, parameters }
    return { ...definition, definition }
  })
  const answer = (/** @type {string} */ raw) => ({
    type: 'assistant',
    raw,
    format: 'xlam',
    startsInReasoning: false,
    prompt: '',
    modelName: '',
    end: { type: 'complete' },
    usage: null,
    timings: null,
    origin: 'model',
  })
  const round = [
    { type: 'user', text: 'What is the weather like in Paris, and will it stay so? '.repeat(3) },
    answer('[{"name": "tool_1", "arguments": {"parameter_0": "Paris"}}]'),
    {
      type: 'tool-results',
      results: [
        {
          call: { name: 'tool_1', arguments: {} },
          content: '{"temperature": 12, "sky": "clear"}',
          source: 'typed',
        },
      ],
    },
    answer('It is clear, and it will stay so. '.repeat(4)),
  ]
  const messages = Array.from({ length: 49 }, (_, index) => ({ ...round[index % 4] }))
  /** @type {{ name: string, medianMs: number }[]} */
  const timings = []
  // The first is measured again: what all templates share is compiled while it runs.
  for (const { name, source } of [...templates.slice(0, 1), ...templates]) {
    const times = []
    for (let index = 0; index < rounds; index++) {
      const text = 'Typing'.slice(0, 1 + (index % 6))
      const input = {
        messages: [...messages, { type: 'user', text }],
        systemPrompt: 'Be brief.',
        tools,
        toolShape: 'bare',
        format: formatById('xlam'),
        formatOf: formatById,
        chatTemplate: source,
        keepInstruction: true,
        bosToken: '<s>',
        eosToken: '</s>',
        nowMs: 0,
      }
      const start = performance.now()
      const xray = xrayPrompt(input)
      times.push(performance.now() - start)
      if (!xray.ok || xray.value.certainty !== 'exact') throw new Error(`${name} is not exact`)
    }
    times.sort((a, b) => a - b)
    timings.push({ name, medianMs: times[Math.floor(times.length / 2)] ?? 0 })
  }
  return timings.slice(1)
}
