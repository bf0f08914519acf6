import { assertNever } from '../core/lib/assert-never.ts'
import { err, type Result } from '../core/lib/result.ts'
import { connectEngine } from './connect-engine.ts'
import type { Engine, EngineError, EngineName, LoadProgress, LoadRequest } from './engine.ts'

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
  if (request.engine === 'remote') {
    // It computes nothing here, so it needs no worker.
    const { loadRemoteEngine } = await import('./remote/load-remote-engine.ts')
    return loadRemoteEngine(request, signal)
  }
  return connectEngine(startWorker(request.engine), { request, onProgress }, signal)
}

function startWorker(engine: Exclude<EngineName, 'remote'>): Worker {
  switch (engine) {
    case 'wllama':
      return new Worker(new URL('./wllama/wllama.worker.ts', import.meta.url), {
        type: 'module',
        name: 'engine',
      })
    case 'webllm':
      return new Worker(new URL('./webllm/webllm.worker.ts', import.meta.url), {
        type: 'module',
        name: 'engine',
      })
    default:
      return assertNever(engine)
  }
}
