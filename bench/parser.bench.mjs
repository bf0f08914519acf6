import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const ROUNDS = 5
const SIZE = 1_000_000

/**
 * How long each parser takes for 1 MB of output, whole and in deltas as small as tokens, and how that compares with
 * `JSON.parse` of the same text.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser }) {
  const bundled = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'src/core/formats/all-formats.ts', formats: ['es'] },
    },
  })
  const [result] = Array.isArray(bundled) ? bundled : [bundled]
  if (!result || !('output' in result)) throw new Error('Nothing was bundled')
  const page = await browser.newPage()
  const timings = await page.evaluate(measure, {
    code: result.output[0].code,
    size: SIZE,
    rounds: ROUNDS,
  })
  await page.close()
  return timings.flatMap(({ format, wholeMs, deltasMs, jsonMs }) => [
    { name: `parse 1 MB, ${format}, whole`, value: wholeMs, unit: 'ms', goal: { atMost: 100 } },
    {
      name: `parse 1 MB, ${format}, 4-character deltas`,
      value: deltasMs,
      unit: 'ms',
      goal: { atMost: 100 },
    },
    { name: `parse 1 MB, ${format}, against JSON.parse`, value: wholeMs / jsonMs, unit: '×' },
  ])
}

/**
 * Runs in the page.
 *
 * @param {{ code: string, size: number, rounds: number }} options
 */
async function measure({ code, size, rounds }) {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  const { FORMATS } = await import(url)
  /** @type {{ format: string, wholeMs: number, deltasMs: number, jsonMs: number }[]} */
  const timings = []
  for (const format of FORMATS) {
    const call = {
      name: 'search',
      arguments: { query: 'a "quoted" [text]', page: 3, tags: [['x'], { y: null }] },
    }
    const calls = Array.from({ length: Math.ceil(size / JSON.stringify(call).length) }, () => call)
    const text = format.render(calls).slice(0, size)
    const json = JSON.stringify(calls).slice(0, size)
    const deltas = text.match(/[^]{1,4}/g)
    timings.push({
      format: format.id,
      wholeMs: best(() => drain(format, [text])),
      deltasMs: best(() => drain(format, deltas)),
      jsonMs: best(() => JSON.parse(`${json.slice(0, json.lastIndexOf('},{'))}}]`)),
    })
  }
  return timings

  /** @param {any} format @param {readonly string[]} deltas */
  function drain(format, deltas) {
    const parser = format.createParser({ startsInReasoning: false })
    let count = 0
    for (const delta of deltas) count += parser.feed(delta).length
    return count + parser.end().length
  }

  /** @param {() => unknown} work */
  function best(work) {
    let ms = Number.POSITIVE_INFINITY
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now()
      work()
      ms = Math.min(ms, performance.now() - startMs)
    }
    return ms
  }
}
