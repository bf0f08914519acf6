// Everything that must hold before a commit leaves this machine, from cheap to dear: `npm test`.
//
// Stops at the first failing step; with --keep-going, or in CI, it goes on to count the others.
// The last line is "N passed, N failed" over every suite; a step that is not a suite counts as one.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBrowser } from './find-browser.mjs'
import { prepareSoftwareGpu } from './software-gpu.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ name: string, command: readonly string[], count?: (report: any) => Counts, needs?: string, prepare?: () => string | null }} Step */

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = path.join(root, '.tmp', 'check')
const keepGoing = process.argv.includes('--keep-going') || Boolean(process.env['CI'])

/** A step's `prepare` tells why it cannot run here, or null: it is then skipped with that reason. */

/** @param {string} project @returns {Step} */
const vitestStep = (project) => ({
  name: project,
  command: [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile(project)}`,
  ],
  count: (report) => ({
    // A file that cannot even be loaded has no failed test, but is a failure.
    failed: Math.max(
      report.numFailedTests,
      report.testResults.filter((/** @type {any} */ file) => file.status === 'failed').length,
    ),
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }),
})

/** @param {string} name @param {readonly string[]} options @returns {Step} */
function playwrightStep(name, options) {
  return {
    name,
    command: ['playwright', 'test', ...options, '--reporter=list,json'],
    count: ({ stats, errors }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky + errors.length,
      skipped: stats.skipped,
    }),
    needs: 'build',
  }
}

/** @type {readonly Step[]} */
const STEPS = [
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings', '.'] },
  { name: 'layers', command: ['node', 'scripts/verify-guards.mjs'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'dead code', command: ['knip'] },
  vitestStep('unit'),
  vitestStep('browser'),
  { name: 'build', command: ['vite', 'build'] },
  { name: 'size', command: ['size-limit'], needs: 'build' },
  playwrightStep('e2e', []),
  {
    ...playwrightStep('gpu', ['--config', 'playwright.gpu.config.ts']),
    prepare: prepareSoftwareGpu,
  },
]

/** @param {string} name */
function reportFile(name) {
  return path.join(reports, `${name}.json`)
}

/** Runs a command with the project's own binaries, and keeps what it prints. @param {Step} step */
async function execute({ name, command: [program = '', ...args] }) {
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: [path.join(root, 'node_modules', '.bin'), process.env['PATH']].join(path.delimiter),
      PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile(name),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => (output += chunk))
  const isOk = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += String(error)
      resolve(false)
    })
    child.once('close', (code) => resolve(code === 0))
  })
  return { isOk, output }
}

/** @param {Step} step @param {boolean} isOk @returns {Counts} */
function countsOf({ name, count }, isOk) {
  if (!count) return { passed: isOk ? 1 : 0, failed: isOk ? 0 : 1, skipped: 0 }
  let counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    counts = count(JSON.parse(readFileSync(reportFile(name), 'utf8')))
  } catch (error) {
    console.log(`${name}: no report could be read (${String(error)})`)
  }
  // A suite that ran nothing, or that died without naming a failed test, has failed.
  const isSilentFailure = counts.failed === 0 && (!isOk || counts.passed === 0)
  return isSilentFailure ? { ...counts, failed: 1 } : counts
}

rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

const total = { passed: 0, failed: 0 }
/** @type {string[]} */
const failedSteps = []

try {
  // Every step below sees the same browser.
  process.env['CHROME_PATH'] = ensureBrowser()
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error))
  failedSteps.push('browser install')
  total.failed += 1
}

for (const step of STEPS) {
  if (failedSteps.length > 0 && !keepGoing) break
  if (step.needs && failedSteps.includes(step.needs)) {
    console.log(`FAIL ${step.name}: not run, as ${step.needs} failed`)
    failedSteps.push(step.name)
    total.failed += 1
    continue
  }
  const startedAt = performance.now()
  const reason = step.prepare?.() ?? null
  if (reason !== null) {
    console.log(`skip ${step.name}: ${reason}`)
    continue
  }
  const { isOk, output } = await execute(step)
  const { passed, failed, skipped } = countsOf(step, isOk)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const tests = step.count
    ? `, ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    : ''
  if (failed > 0) {
    console.log(output)
    failedSteps.push(step.name)
  }
  console.log(`${failed > 0 ? 'FAIL' : 'ok  '} ${step.name} (${seconds} s${tests})`)
  total.passed += passed
  total.failed += failed
}

if (failedSteps.length > 0) {
  console.log(`Failed: ${failedSteps.join(', ')}`)
  process.exitCode = 1
}
console.log(`${total.passed} passed, ${total.failed} failed`)
