import type { PageToServiceWorker } from './service-worker-protocol.ts'

export type ServiceWorkerOptions = {
  /** A new version is there. Nothing changes until `applyUpdate`, which reloads the page. */
  readonly onUpdateReady: (applyUpdate: () => void) => void
}

export type ServiceWorkerControl = {
  /** Makes engine and model files that are in use available offline. Files that are not part of the build are ignored. */
  readonly keepForOffline: (urls: readonly string[]) => void
}

/** Set while a reload is under way to become isolated, so that a host where it does not help is not reloaded for ever. */
const RELOADED_KEY = 'callground:reloaded-for-isolation'

/**
 * Registers the service worker of a production build: isolation (threads) on hosts without headers, and offline use.
 *
 * The first visit to such a host reloads once, as soon as the worker is in control, unless the user has
 * already typed or clicked. Without service workers (a private window, plain http) the app runs as it is.
 */
export function startServiceWorker(options: ServiceWorkerOptions): ServiceWorkerControl {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return { keepForOffline: () => {} }
  if (window.crossOriginIsolated) forgetReload()
  void register(options, watchForUse())
  return {
    keepForOffline: (urls) => {
      const absoluteUrls = urls.map((url) => new URL(url, document.baseURI).href)
      void navigator.serviceWorker.ready.then(({ active }) => {
        post(active, { type: 'keep-large-files', urls: absoluteUrls })
      })
    },
  }
}

async function register(
  { onUpdateReady }: ServiceWorkerOptions,
  isInUse: () => boolean,
): Promise<void> {
  const container = navigator.serviceWorker
  const hadController = container.controller !== null
  // An isolated page is in no hurry, and the install would compete with the first load.
  if (window.crossOriginIsolated) await pageLoaded()
  const url = new URL('service-worker.js', document.baseURI)
  const registration = await container.register(url).catch((error: unknown) => {
    reportWarning('The service worker could not be registered: no offline use.', error)
    return null
  })
  if (!registration) return

  const reloadOnceForIsolation = () => {
    if (!window.crossOriginIsolated && !isInUse() && rememberReload()) location.reload()
  }
  let isApplying = false
  container.addEventListener('controllerchange', () => {
    if (isApplying) location.reload()
    else if (!hadController) reloadOnceForIsolation()
    // Another tab took the update: the files that this page may still load are gone.
    else onUpdateReady(() => location.reload())
  })
  if (container.controller) reloadOnceForIsolation()

  const offerUpdate = (worker: ServiceWorker) => {
    onUpdateReady(() => {
      isApplying = true
      post(worker, { type: 'skip-waiting' })
    })
  }
  if (registration.waiting && container.controller) offerUpdate(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      // Without a controller it is the first install, not an update.
      if (worker.state === 'installed' && container.controller) offerUpdate(worker)
    })
  })
}

/**
 * Whether the user has done anything on this page since now, which a reload could spoil.
 * Not `navigator.userActivation`: it knows neither a drop nor a paste, and scripted tests set it.
 */
function watchForUse(): () => boolean {
  let isInUse = false
  for (const type of ['pointerdown', 'keydown', 'input', 'paste', 'drop'])
    window.addEventListener(type, () => (isInUse = true), { capture: true, once: true })
  return () => isInUse
}

/** False when this tab has reloaded for isolation before, or when that could not be remembered. */
function rememberReload(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED_KEY) !== null) return false
    sessionStorage.setItem(RELOADED_KEY, 'yes')
    return true
  } catch (error) {
    reportWarning('Session storage is blocked: no reload for threads.', error)
    return false
  }
}

function forgetReload(): void {
  try {
    sessionStorage.removeItem(RELOADED_KEY)
  } catch (error) {
    reportWarning('Session storage is blocked.', error)
  }
}

function post(worker: ServiceWorker | null, message: PageToServiceWorker): void {
  worker?.postMessage(message)
}

function pageLoaded(): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve()
  return new Promise((resolve) => {
    window.addEventListener('load', () => resolve(), { once: true })
  })
}

function reportWarning(text: string, error: unknown): void {
  // oxlint-disable-next-line no-console -- there is nothing the user can or need do, but a developer wants to know
  console.warn(text, error)
}
