import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'
import { startStaticServer } from '../scripts/serve-static.mjs'
import { openRaw, wllamaFolder } from './decode.bench.mjs'
import { writeLongAnswerModel } from './scripted-model.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const ROUNDS = 15
/** All of them within one argument of the call that the model writes. */
const MAX_TOKENS = 300
const FORCED_TOKENS = 14
const PROMPT = 'user: Weather, please.\nassistant:\n'

/**
 * What a grammar costs while the model writes: the same answer with and without one, for one strict tool and for all
 * presets. And what jumping ahead could give: reading forced tokens as part of a prompt, against writing them.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser }) {
  const host = await startStaticServer({
    root: wllamaFolder,
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  })
  const context = await browser.newContext()
  try {
    const page = await openRaw(context, { url: host.url, modelFile: await writeLongAnswerModel() })
    const { one, all } = await grammars()
    const ms = await page.evaluate(measure, {
      grammars: { free: null, one, all },
      prompt: PROMPT,
      maxTokens: MAX_TOKENS,
      forcedTokens: FORCED_TOKENS,
      rounds: ROUNDS,
    })
    return [
      { name: 'decode, no grammar', value: rate(ms.free), unit: 'tok/s' },
      { name: 'decode, grammar of one tool', value: rate(ms.one), unit: 'tok/s' },
      { name: 'decode, grammar of all presets', value: rate(ms.all), unit: 'tok/s' },
      {
        name: 'decode, grammar of all presets against none',
        value: rate(ms.all) / rate(ms.free),
        unit: '×',
      },
      {
        name: `jump ahead: reading ${FORCED_TOKENS} forced tokens against writing them`,
        value: (ms.read - ms.base) / (ms.write - ms.base),
        unit: '×',
      },
    ]
  } finally {
    await context.close()
    await host.close()
  }
}

/** @param {number} ms */
const rate = (ms) => (MAX_TOKENS * 1000) / ms

async function grammars() {
  /** @param {string} file */
  const load = async (file) => (await runnerImport(file, { root, configFile: false })).module
  const { buildCallGrammar } = await load('./src/core/grammar/call-grammar.ts')
  const { PRESETS } = await load('./src/core/tools/presets/all-presets.ts')
  const { readTools } = await load('./src/core/tools/read-tools.ts')
  const { xlam } = await load('./src/core/formats/xlam.ts')
  const tools = PRESETS.flatMap((/** @type {any} */ preset) =>
    preset.tools.flatMap((/** @type {any} */ { definition }) =>
      readTools(JSON.stringify(definition), null).tools.map((/** @type {any} */ { tool }) => tool),
    ),
  )
  /** @param {readonly unknown[]} chosen @returns {string} */
  const grammarFor = (chosen) =>
    buildCallGrammar({
      tools: chosen,
      rules: { choice: { type: 'auto' }, parallel: true, strict: true },
      syntax: xlam.syntax,
      markers: xlam.controlTokens,
      reasoning: 'none',
    }).gbnf
  return { one: grammarFor(tools.slice(0, 1)), all: grammarFor(tools) }
}

/**
 * Runs in the page. The best of the rounds, in milliseconds: the machine does other things too.
 *
 * @param {{ grammars: Record<'free' | 'one' | 'all', string | null>, prompt: string, maxTokens: number, forcedTokens: number, rounds: number }} options
 */
async function measure({ grammars, prompt, maxTokens, forcedTokens, rounds }) {
  const { wllama } = /** @type {any} */ (window)
  let fresh = 0
  /** A prompt of as many tokens that no earlier one begins like: each character is a token of this model. @param {number} more */
  const newPrompt = (more) => `${String(fresh++).padStart(6, '0')}${'x'.repeat(more)}\n`
  const jobs = {
    free: () => write(prompt, maxTokens, grammars.free),
    one: () => write(prompt, maxTokens, grammars.one),
    all: () => write(prompt, maxTokens, grammars.all),
    base: () => write(newPrompt(0), 1, null),
    read: () => write(newPrompt(forcedTokens), 1, null),
    write: () => write(newPrompt(0), 1 + forcedTokens, null),
  }
  const best = {
    free: Infinity,
    one: Infinity,
    all: Infinity,
    base: Infinity,
    read: Infinity,
    write: Infinity,
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of /** @type {(keyof typeof jobs)[]} */ (Object.keys(jobs))) {
      best[name] = Math.min(best[name], await jobs[name]())
    }
  }
  return best

  /** @param {string} text @param {number} tokens @param {string | null} grammar */
  async function write(text, tokens, grammar) {
    const startMs = performance.now()
    let written = 0
    const stream = await wllama.createCompletion({
      prompt: text,
      max_tokens: tokens,
      temperature: 0,
      stream: true,
      ...(grammar && { grammar }),
    })
    for await (const chunk of stream) if ((chunk.choices[0]?.text ?? '') !== '') written += 1
    if (written < tokens - 1) throw new Error(`only ${written} of ${tokens} tokens`)
    return performance.now() - startMs
  }
}
