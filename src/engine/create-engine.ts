import { err, type Result } from '../core/lib/result.ts'
import { connectEngine } from './connect-engine.ts'
import type { Engine, EngineError, LoadProgress, LoadRequest } from './engine.ts'

/**
 * Loads a model in a worker of its own and returns the engine.
 *
 * Several engines may be alive at a time: a failed load leaves the running one alone. Aborting ends the worker at once.
 */
export async function createEngine(
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<Result<Engine, EngineError>> {
  if (signal.aborted) return err({ kind: 'aborted' })
  const worker = new Worker(new URL('./wllama/wllama.worker.ts', import.meta.url), {
    type: 'module',
    name: 'engine',
  })
  return connectEngine(worker, { request, onProgress }, signal)
}
