import { assertNever } from '../../core/lib/assert-never.ts'
import type { ModelSlice } from '../../store/state.ts'

type Backend = NonNullable<ModelSlice['engineInfo']>['backend']

const SERVERS: Readonly<Record<Extract<Backend, { type: 'server' }>['server'], string>> = {
  vllm: 'vLLM',
  'llama-server': 'llama-server',
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
  other: 'Server',
}

/** What computes, in a few words. */
export function backendLabel(backend: Backend): string {
  switch (backend.type) {
    case 'cpu':
      return backend.threads === 1 ? 'CPU, 1 thread' : `CPU, ${backend.threads} threads`
    case 'webgpu':
      return backend.totalLayers === 0
        ? 'WebGPU'
        : `WebGPU, ${backend.layers} of ${backend.totalLayers} layers`
    case 'server':
      return `${SERVERS[backend.server]} at ${backend.host}, ${backend.mode}`
    default:
      return assertNever(backend)
  }
}

/** Why it is the CPU, or which adapter it is. */
export function backendDetail(backend: Backend): string {
  switch (backend.type) {
    case 'cpu':
      return backend.why
    case 'webgpu':
      return backend.adapter
    case 'server':
      return backend.mode === 'raw'
        ? 'What you type goes to this server. Callground writes the prompt and reads the calls.'
        : 'What you type goes to this server. Its own template and parser are used.'
    default:
      return assertNever(backend)
  }
}
