// Shows that the guards guard: plants each violation in a throw-away project that has our own configuration,
// and demands that the real tool refuses it. Each rule is one line of PLANTED; the files of CLEAN must pass.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the planted files import: each is fine by itself. @type {Readonly<Record<string, string>>} */
const CLEAN = {
  'src/core/lib/thing.ts': 'export const thing = 1\n',
  'src/engine/engine.ts':
    "import { thing } from '../core/lib/thing.ts'\nexport const engine = thing\n",
  'src/engine/wllama/log.ts': 'export const log = 1\n',
  'src/store/store.ts':
    "import { engine } from '../engine/engine.ts'\nexport const store = engine\n",
  'src/ui/tools/tool-list.ts':
    "import { store } from '../../store/store.ts'\nexport const list = store\n",
  'src/core/cycle-b.ts': "import { a } from './cycle-a.ts'\nexport const b = () => a()\n",
}

const lines = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, index) => `export const line${index} = ${index}`).join('\n')

/** file -> [the lint rule that must refuse it, its text]. @type {Readonly<Record<string, readonly [string, string]>>} */
const LINT = {
  'src/core/imports-store.ts': ['layers(enforce)', "export { store } from '../store/store.ts'"],
  'src/core/imports-react.ts': [
    'layers(enforce)',
    "import React from 'react'\nexport const x = React",
  ],
  'src/core/imports-lazily.ts': [
    'layers(enforce)',
    "export const load = () => import('../store/store.ts')",
  ],
  'src/core/imports-type.ts': [
    'layers(enforce)',
    "export type Store = typeof import('../store/store.ts').store",
  ],
  'src/core/starts-worker.ts': [
    'layers(enforce)',
    "export const url = new URL('../engine/engine.ts', import.meta.url)",
  ],
  'src/store/private-import.ts': [
    'layers(enforce)',
    "export { log } from '../engine/wllama/log.ts'",
  ],
  'src/ui/chat/other-feature.ts': [
    'layers(enforce)',
    "export { list } from '../tools/tool-list.ts'",
  ],
  'src/ui/chat/engine.ts': ['layers(enforce)', "export { engine } from '../../engine/engine.ts'"],
  'src/core/cycle-a.ts': [
    'import(no-cycle)',
    "import { b } from './cycle-b.ts'\nexport const a = (): number => b()",
  ],
  'src/core/index.ts': [
    'oxc(no-barrel-file)',
    "export * from './lib/thing.ts'\nexport * from './cycle-b.ts'",
  ],
  'src/core/default.ts': ['import(no-default-export)', 'export default 1'],
  'src/core/clock.ts': ['eslint(no-restricted-globals)', 'export const now = () => Date.now()'],
  'src/core/random.ts': [
    'eslint(no-restricted-properties)',
    'export const roll = () => Math.random()',
  ],
  'src/core/any.ts': ['typescript(no-explicit-any)', 'export const x: any = 1'],
  'src/core/bang.ts': [
    'typescript(no-non-null-assertion)',
    'export const x = (y: string | null) => y!.length',
  ],
  'src/engine/floating.ts': [
    'typescript(no-floating-promises)',
    'const wait = async () => 1\nexport function go() {\n  wait()\n}',
  ],
  'src/engine/misused.ts': [
    'typescript(no-misused-promises)',
    'const wait = async () => true\nexport const x = () => (wait() ? 1 : 2)',
  ],
  'src/core/switch.ts': [
    'typescript(switch-exhaustiveness-check)',
    "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 0\n}",
  ],
  'src/core/type-import.ts': [
    'typescript(consistent-type-imports)',
    "import { thing } from './lib/thing.ts'\nexport type Thing = typeof thing",
  ],
  'src/core/console.ts': ['eslint(no-console)', "console.log('hello')"],
  'src/core/empty-catch.ts': [
    'eslint(no-empty)',
    "export function f() {\n  try {\n    return JSON.parse('')\n  } catch {}\n}",
  ],
  'src/core/many-params.ts': [
    'eslint(max-params)',
    'export const f = (a: 1, b: 1, c: 1, d: 1) => [a, b, c, d]',
  ],
  'src/core/long.ts': ['eslint(max-lines)', lines(401)],
  'src/core/CamelCase.ts': ['unicorn(filename-case)', 'export const x = 1'],
  'src/ui/chat/hooks.ts': [
    'react-hooks(rules-of-hooks)',
    "import { useState } from 'react'\nexport function useX(on: boolean) {\n  return on ? useState(1) : null\n}",
  ],
  'src/ui/chat/effect.ts': [
    'react-hooks(exhaustive-deps)',
    "import { useEffect } from 'react'\nexport function useX(x: () => void) {\n  useEffect(() => x(), [])\n}",
  ],
  'src/ui/chat/copied-state.ts': [
    'react(set-state-in-effect)',
    "import { useEffect, useState } from 'react'\nexport function useX(x: number) {\n  const [y, setY] = useState(0)\n  useEffect(() => setY(x), [x])\n  return y\n}",
  ],
}

/** file -> [the compiler error that must refuse it, its text]. @type {Readonly<Record<string, readonly [string, string]>>} */
const CORE_TYPES = {
  'src/core/types-document.ts': ['TS2584', 'export const x = document.title'],
  'src/core/types-process.ts': ['TS2591', 'export const x = process.env'],
  'src/core/types-timer.ts': ['TS2304', 'export const x = setTimeout(() => 1, 1)'],
  'src/core/types-store.ts': ['TS6059', "export { store } from '../store/store.ts'"],
  'src/core/types-index.ts': ['TS2322', 'export const first = (x: string[]): string => x[0]'],
  'src/core/types-enum.ts': ['TS1294', 'export enum Colour {\n  Red,\n}'],
}

const folder = mkdtempSync(path.join(tmpdir(), 'callground-guards-'))
let failures = 0

/** @param {string} file @param {string} text */
function plant(file, text) {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
  writeFileSync(path.join(folder, file), `${text}\n`)
}

/** @param {string} tool @param {readonly string[]} args */
function runTool(tool, args) {
  const { stdout, error } = spawnSync(path.join(root, 'node_modules/.bin', tool), args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 64 * 2 ** 20,
  })
  if (error) throw error
  return stdout
}

/** @param {boolean} isRight @param {string} claim */
function demand(isRight, claim) {
  if (isRight) return
  failures += 1
  console.log(`NOT GUARDED: ${claim}`)
}

try {
  for (const file of [
    '.oxlintrc.json',
    '.oxlint',
    'tsconfig.base.json',
    'tsconfig.core.json',
    'tsconfig.app.json',
  ])
    cpSync(path.join(root, file), path.join(folder, file), { recursive: true })
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: './tsconfig.app.json' }),
  )
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  for (const [file, text] of Object.entries(CLEAN)) plant(file, text)

  for (const [file, [, text]] of Object.entries(LINT)) plant(file, text)
  /** @type {{ diagnostics: { code: string, filename: string, message: string }[] }} */
  const { diagnostics } = JSON.parse(runTool('oxlint', ['--format', 'json', 'src']))
  const found = diagnostics.map(({ code, filename }) => `${filename.replaceAll('\\', '/')} ${code}`)
  for (const [file, [rule]] of Object.entries(LINT))
    demand(found.includes(`${file} ${rule}`), `${rule} lets ${file} pass`)
  for (const file of Object.keys(CLEAN)) {
    const complaint = found.find(
      (entry) => entry.startsWith(`${file} `) && !entry.includes('no-cycle'),
    )
    demand(complaint === undefined, `the clean file ${complaint} is refused`)
  }

  for (const file of Object.keys(LINT)) rmSync(path.join(folder, file))
  rmSync(path.join(folder, 'src/core/cycle-b.ts'))
  for (const [file, [, text]] of Object.entries(CORE_TYPES)) plant(file, text)
  const errors = runTool('tsc', ['--pretty', 'false', '-p', 'tsconfig.core.json']).split('\n')
  for (const [file, [code]] of Object.entries(CORE_TYPES)) {
    // TS6059 (outside the rootDir) is reported without a place; only the planted store import can cause it.
    const isFound = errors.some(
      (line) => line.includes(code) && (code === 'TS6059' || line.startsWith(file)),
    )
    demand(isFound, `${code} lets ${file} pass in core`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const total = Object.keys(LINT).length + Object.keys(CORE_TYPES).length
if (failures > 0) process.exitCode = 1
else console.log(`${total} planted violations refused`)
