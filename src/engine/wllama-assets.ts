import { version } from '@wllama/wllama/package.json'
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url'
import compatWorkerUrl from '@wllama/wllama-compat/wasm/wllama.js?url'
import compatWasmUrl from '@wllama/wllama-compat/wasm/wllama.wasm?url'

/** Kept with what is true of one version only. */
export const WLLAMA_VERSION = version

/** wllama's files, all served by this site: its own default for the compat build is a CDN. */
export const WLLAMA_ASSETS = { wasmUrl, compat: { worker: compatWorkerUrl, wasm: compatWasmUrl } }

/** The files that wllama fetches in this browser: to be kept for offline use. */
export function usedWllamaAssets(): readonly string[] {
  const { wasmUrl, compat } = WLLAMA_ASSETS
  return needsCompatBuild() ? [compat.worker, compat.wasm] : [wasmUrl]
}

/** As wllama decides: its main build needs JSPI and 64-bit memory. */
function needsCompatBuild(): boolean {
  if (!('Suspending' in WebAssembly)) return true
  try {
    // @ts-expect-error -- `address` is newer than TypeScript's lib
    return !new WebAssembly.Memory({ address: 'i64', initial: 1n })
  } catch {
    return true
  }
}
