import { gzipSync } from 'node:zlib'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { firstLoadFiles } from '../.size-limit.mjs'

/** The same files as the size limit, so that both numbers are one. */
const GOAL_KB = 170

/** @param {import('./run.mjs').Bench} bench @returns {Promise<import('./run.mjs').Measurement[]>} */
export async function run({ dist }) {
  const files = await Promise.all(
    firstLoadFiles.map((file) => readFile(path.join(dist, '..', file))),
  )
  const bytes = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0)
  return [
    {
      name: 'first-load JavaScript, gzipped',
      value: bytes / 1000,
      unit: 'kB',
      goal: { atMost: GOAL_KB },
    },
  ]
}
