import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { findAdapter, navigatorGpu } from './engine/gpu-adapter.ts'
import { usedWllamaAssets } from './engine/wllama-assets.ts'
import { BUILT_IN_MODEL_PATH, fetchBuiltInModel } from './hub/built-in-model.ts'
import { startServiceWorker } from './register-service-worker.ts'
import { createBrowserDeps } from './store/browser-deps.ts'
import { createAppStore } from './store/store.ts'
import { App } from './ui/app.tsx'
import { keepTheme } from './ui/shell/keep-theme.ts'
import './ui/theme.css'
import { AppStoreContext } from './ui/use-app-store.ts'

const builtInModelUrl = new URL(BUILT_IN_MODEL_PATH, document.baseURI)

// Asked for at once, beside the saved state; who awaits them below sees a failure.
void Promise.allSettled([
  import('./session/machinery.ts'),
  import('./hub/local-model.ts'),
  import('./engine/create-engine.ts'),
])

const store = createAppStore({
  ...createBrowserDeps(),
  createEngine: async (request, onProgress, signal) =>
    (await import('./engine/create-engine.ts')).createEngine(request, onProgress, signal),
  openTokenizer: async (files) => (await import('./engine/open-tokenizer.ts')).openTokenizer(files),
  loadMachinery: async () => (await import('./session/machinery.ts')).machinery,
  openLocalModel: async (files) => {
    const { openLocalModel, CPU_HEAP_BYTES } = await import('./hub/local-model.ts')
    // On a GPU the weights are not in the heap of the engine.
    const { type } = await findAdapter(navigatorGpu())
    return openLocalModel(files, { limitBytes: type === 'usable' ? null : CPU_HEAP_BYTES })
  },
  openHub: async (settings) => (await import('./open-hub.ts')).openHub(settings),
  fetchBuiltInModel: (onProgress, signal) =>
    fetchBuiltInModel(
      { url: builtInModelUrl, fetch: window.fetch.bind(window), onProgress },
      signal,
    ),
})

const root = document.getElementById('root')
if (!root) throw new Error('#root is missing in index.html')
createRoot(root).render(
  <StrictMode>
    <AppStoreContext value={store}>
      <App />
    </AppStoreContext>
  </StrictMode>,
)

keepTheme(store)
const serviceWorker = startServiceWorker({ onUpdateReady: store.getState().offerUpdate })
await store.hydrate()
await store.getState().loadLastModel()
serviceWorker.keepForOffline([builtInModelUrl.href, ...usedWllamaAssets()])
await store.followDownloads()
