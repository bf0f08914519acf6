import { bundle } from './bundle.mjs'

const ROUNDS = 9
const SIZE = 1_000_000

/** Of calls and of prose, whole and in deltas as small as tokens. */
const GOAL = { atLeast: 10 }

/**
 * How many MB of output each parser reads in a second (a character counts as a byte).
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser }) {
  const [module] = await bundle('src/core/formats/all-formats.ts')
  const page = await browser.newPage()
  const timings = await page.evaluate(measure, {
    code: module.code,
    size: SIZE,
    rounds: ROUNDS,
  })
  await page.close()
  return timings.flatMap(({ format, calls, deltas, prose }) => [
    { name: `parse calls, ${format}, whole`, value: calls, unit: 'MB/s', goal: GOAL },
    { name: `parse calls, ${format}, 4-character deltas`, value: deltas, unit: 'MB/s', goal: GOAL },
    { name: `parse prose, ${format}, 4-character deltas`, value: prose, unit: 'MB/s', goal: GOAL },
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
  /** @type {{ format: string, calls: number, deltas: number, prose: number }[]} */
  const timings = []
  // The first is measured again: what all formats share is compiled while it runs.
  for (const format of [FORMATS[0], ...FORMATS]) {
    const call = {
      name: 'search',
      arguments: { query: 'a "quoted" [text]', page: 3, tags: [['x'], { y: null }] },
    }
    const calls = Array.from({ length: Math.ceil(size / JSON.stringify(call).length) }, () => call)
    const text = format.render(calls).slice(0, size)
    const prose = 'Let me think: if a > b, then <b>f(x)</b> follows [1]; else "no".\n'
    const deltas = text.match(/[^]{1,4}/g) ?? []
    const proseDeltas =
      prose
        .repeat(Math.ceil(size / prose.length))
        .slice(0, size)
        .match(/[^]{1,4}/g) ?? []
    timings.push({
      format: format.id,
      calls: rate(() => drain(format, [text])),
      deltas: rate(() => drain(format, deltas)),
      prose: rate(() => drain(format, proseDeltas)),
    })
  }
  return timings.slice(1)

  /** @param {any} format @param {readonly string[]} deltas */
  function drain(format, deltas) {
    const parser = format.createParser({ startsInReasoning: false })
    let count = 0
    for (const delta of deltas) count += parser.feed(delta).length
    return count + parser.end().length
  }

  /** @param {() => unknown} work */
  function rate(work) {
    let ms = Number.POSITIVE_INFINITY
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now()
      work()
      ms = Math.min(ms, performance.now() - startMs)
    }
    return size / 1000 / ms
  }
}
