/** How fast this machine computes on several threads at once, now. */
export type ThreadMeasurement = {
  /** The fewest threads that are about as fast as the best count. */
  readonly best: number
  /** Relative to one thread. */
  readonly speeds: readonly { readonly threads: number; readonly speed: number }[]
  readonly tookMs: number
}

/** More threads wait for each other more than they compute; the page and the GPU process want a core too. */
const MOST_THREADS = 8
const COUNTS: readonly number[] = [1, 2, 3, 4, 6, MOST_THREADS]
/** The best of these counts: what else the machine does only makes a round slower. */
const ROUNDS = 3
/** A thread more must be worth at least this, as it is one that the page cannot have. */
const WORTH = 1.08

/**
 * Each message is answered after one share of the work: dot products over 1 MiB, as a matrix row meets a vector. The threads
 * of llama.cpp wait for the slowest after every such step, so a round takes as long as its slowest thread.
 */
const WORKER_SOURCE = `
const left = new Float32Array(131072).fill(0.5), right = new Float32Array(131072).fill(2)
function work(times) {
  let sum = 0
  for (let time = 0; time < times; time++)
    for (let at = 0; at < left.length; at += 4)
      sum += left[at] * right[at] + left[at + 1] * right[at + 1] + left[at + 2] * right[at + 2] + left[at + 3] * right[at + 3]
  return sum
}
onmessage = ({ data }) => postMessage(work(data))
`
/** About 4 ms on one core of 2020. */
const SHARE = 20

type Thread = { run(times: number): Promise<void>; end(): void }

/**
 * Measures how threads add up here: takes some tens of milliseconds. Rejects where workers cannot be started.
 *
 * It is done anew for each load: what else runs on the machine changes the answer, and a load takes longer than this.
 */
export async function measureThreads(
  cores: number,
  signal: AbortSignal,
): Promise<ThreadMeasurement> {
  const startedAt = performance.now()
  const counts = COUNTS.filter((count) => count <= cores)
  const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }))
  const threads = Array.from({ length: counts.at(-1) ?? 1 }, () => startThread(url, signal))
  try {
    // The first round starts the workers and compiles the loop.
    await Promise.all(threads.map((thread) => thread.run(SHARE)))
    const speeds: { threads: number; speed: number }[] = []
    let single = 0
    for (const count of counts) {
      const roundMs = await bestRound(threads.slice(0, count))
      single ||= roundMs
      speeds.push({ threads: count, speed: (count * single) / roundMs })
    }
    return { best: fewestOf(speeds), speeds, tookMs: performance.now() - startedAt }
  } finally {
    for (const thread of threads) thread.end()
    URL.revokeObjectURL(url)
  }
}

/** The count at which a further step is not worth it any more. */
export function fewestOf(speeds: ThreadMeasurement['speeds']): number {
  let best = { threads: 1, speed: 1 }
  for (const candidate of speeds) {
    if (candidate.speed > best.speed * WORTH) best = candidate
  }
  return best.threads
}

async function bestRound(threads: readonly Thread[]): Promise<number> {
  let bestMs = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now()
    await Promise.all(threads.map((thread) => thread.run(SHARE)))
    bestMs = Math.min(bestMs, performance.now() - startedAt)
  }
  return bestMs
}

function startThread(url: string, signal: AbortSignal): Thread {
  const worker = new Worker(url, { name: 'measure-threads' })
  return {
    run: (times) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new Error('The measurement was stopped.'))
        if (signal.aborted) return fail()
        signal.addEventListener('abort', fail, { once: true })
        worker.addEventListener('error', fail, { once: true })
        worker.addEventListener('message', () => resolve(), { once: true })
        worker.postMessage(times)
      }),
    end: () => worker.terminate(),
  }
}
