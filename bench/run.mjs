// Runs every bench/*.bench.mjs against the built site in a real Chromium, and prints a table, then JSON.
//
//   npm run bench                 all of them
//   npm run bench -- first-load   those whose file name contains a word
//   npm run bench -- --no-build   on the dist/ that is there
//
// A bench file exports `run`, which gets a Bench and returns measurements. One that misses its goal fails the run.
import { spawnSync } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from '@playwright/test'
import { BROWSER_ARGS, ensureBrowser } from '../scripts/find-browser.mjs'
import { startStaticServer } from '../scripts/serve-static.mjs'

/**
 * @typedef {object} Bench
 * @property {import('@playwright/test').Browser} browser
 * @property {string} url the built site, on a host that sends the isolation headers
 * @property {string} dist the folder of the built site
 *
 * @typedef {object} Measurement
 * @property {string} name
 * @property {number} value
 * @property {string} unit
 * @property {{ atMost: number } | { atLeast: number }} [goal]
 */

const folder = fileURLToPath(new URL('.', import.meta.url))
const root = path.join(folder, '..')
const dist = path.join(root, 'dist')

const MOST_MINUTES = 10

/**
 * A page that never answers would hold the run for ever.
 *
 * @template T
 * @param {Promise<T>} work
 * @param {string} file
 * @returns {Promise<T>}
 */
function withinTime(work, file) {
  const limit = new Promise((_, reject) => {
    const fail = () => reject(new Error(`${file} did not end within ${MOST_MINUTES} minutes`))
    setTimeout(fail, MOST_MINUTES * 60_000).unref()
  })
  return Promise.race([work, limit])
}

/** @param {Measurement} measurement */
function meetsGoal({ value, goal }) {
  if (!goal) return true
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast
}

/** @param {Measurement} measurement */
function row({ name, value, unit, goal }) {
  const words = goal ? ('atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`) : ''
  const verdict = goal ? (meetsGoal({ name, value, unit, goal }) ? 'ok' : 'MISSED') : ''
  return { measurement: name, value: Number(value.toPrecision(4)), unit, goal: words, verdict }
}

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { 'no-build': { type: 'boolean', default: false } },
})

if (!options['no-build']) {
  const { status } = spawnSync('npm', ['run', 'build', '--silent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('The build failed.')
}

const files = (await readdir(folder))
  .filter((file) => file.endsWith('.bench.mjs'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
if (files.length === 0) throw new Error(`No bench file matches ${words.join(' ')}.`)

const host = await startStaticServer({
  root: dist,
  headers: {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  },
})
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_ARGS })

/** @type {Measurement[]} */
const measurements = []
try {
  for (const file of files) {
    console.error(`bench: ${file}`)
    /** @type {{ run: (bench: Bench) => Promise<readonly Measurement[]> }} */
    const { run } = await import(new URL(file, import.meta.url).href)
    measurements.push(...(await withinTime(run({ browser, url: host.url, dist }), file)))
  }
} finally {
  await browser.close()
  await host.close()
}

console.table(measurements.map(row))
const report = {
  at: new Date().toISOString(),
  browser: browser.version(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  measurements,
}
const json = JSON.stringify(report, null, 2)
console.log(json)
if (process.env['BENCH_OUTPUT']) await writeFile(process.env['BENCH_OUTPUT'], `${json}\n`)
if (!measurements.every(meetsGoal)) process.exitCode = 1
