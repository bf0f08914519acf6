import { readdir, readFile } from 'node:fs/promises'

const KIB = 1024

/**
 * The resident memory of a browser: VmRSS of its main process and of all that descend from it, added up. Memory that two
 * processes share counts in both. Linux only, from /proc.
 *
 * @param {number} rootPid
 * @returns {Promise<number>} bytes
 */
export async function residentBytes(rootPid) {
  const processes = await readProcesses()
  let sum = 0
  const open = [rootPid]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    sum += processes.get(pid)?.residentBytes ?? 0
    for (const [child, { parent }] of processes) if (parent === pid) open.push(child)
  }
  return sum
}

async function pids() {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
}

async function readProcesses() {
  /** @type {Map<number, { parent: number, residentBytes: number }>} */
  const processes = new Map()
  for (const pid of await pids()) {
    // It may end at any time.
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const number = (/** @type {string} */ key) =>
      Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    processes.set(pid, { parent: number('PPid'), residentBytes: number('VmRSS') * KIB })
  }
  return processes
}
