import { PrecacheController, PrecacheRoute } from 'workbox-precaching'
import type { PrecacheEntry } from 'workbox-precaching'
import { Route, Router } from 'workbox-routing'
import { CacheFirst } from 'workbox-strategies'
import type { PageToServiceWorker } from './service-worker-protocol.ts'

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[]
}

/**
 * One service worker with two duties on a static host that sends no headers:
 * it makes the page cross-origin isolated (threads need that), and it makes the second visit work offline.
 */

/** Engines and model: megabytes that must not delay the install, kept when first used. */
const LARGE_FILE = /\.(wasm|gguf)$|^assets\/(compat|webllm)\//
const LARGE_FILES_CACHE = 'callground-large-files'

const entries = self.__WB_MANIFEST.map((entry) =>
  typeof entry === 'string' ? { url: entry } : entry,
)

const shell = new PrecacheController({ cacheName: 'callground-shell' })
shell.addToCacheList(entries.filter((entry) => !LARGE_FILE.test(entry.url)))

/** Absolute URL -> key in the cache. A file without a hash in its name carries its revision in the key. */
const largeFileKeys = new Map(
  entries
    .filter((entry) => LARGE_FILE.test(entry.url))
    .map((entry) => {
      const { href } = new URL(entry.url, self.location.href)
      return [href, entry.revision ? `${href}?revision=${entry.revision}` : href]
    }),
)

const largeFiles = new CacheFirst({
  cacheName: LARGE_FILES_CACHE,
  plugins: [
    {
      cacheKeyWillBeUsed: ({ request }) =>
        Promise.resolve(largeFileKeys.get(request.url) ?? request.url),
    },
  ],
})

const router = new Router()
router.registerRoute(
  new PrecacheRoute(shell, {
    directoryIndex: 'index.html',
    // The page reads its own query; the file is the same whatever it says.
    ignoreURLParametersMatching: [/.*/],
    cleanURLs: false,
  }),
)
router.registerRoute(new Route(({ url }) => largeFileKeys.has(url.href), largeFiles))

self.addEventListener('install', (event) => {
  // Calls waitUntil itself.
  void shell.install(event)
})

self.addEventListener('activate', (event) => {
  void shell.activate(event)
  event.waitUntil(forgetOldLargeFiles())
  // The first visit needs it: the page becomes isolated after one reload, which only a controlled page can make.
  event.waitUntil(self.clients.claim())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const isOurs = new URL(request.url).origin === self.location.origin
  // Ranges go straight through: a partial answer is neither kept nor cut from a kept file.
  if (!isOurs || request.method !== 'GET' || request.headers.has('range')) return
  // Chromium sends such requests from the developer tools; fetching them throws.
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return
  const response = router.handleRequest({ request, event }) ?? fetch(request)
  event.respondWith(response.then(isolated))
})

self.addEventListener('message', (event) => {
  const message = event.data as PageToServiceWorker
  switch (message.type) {
    case 'skip-waiting':
      event.waitUntil(self.skipWaiting())
      return
    case 'keep-large-files':
      event.waitUntil(Promise.all(message.urls.map((url) => keepLargeFile(url, event))))
      return
  }
})

/** A copy of the response with the headers that a static host cannot send. */
function isolated(response: Response): Response {
  // An opaque or failed response cannot be rebuilt, and a redirect must reach the browser as it is.
  if (response.status === 0 || response.type === 'opaqueredirect') return response
  const headers = new Headers(response.headers)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  if (headers.has('Content-Encoding')) {
    // The body is decoded by now: both would be untrue, and a progress bar that believes the length passes 100 %.
    headers.delete('Content-Encoding')
    headers.delete('Content-Length')
  }
  const { body, status, statusText } = response
  return new Response(body, { status, statusText, headers })
}

/** Keeps a file that the page loaded before this worker controlled it; mostly the browser's own cache has it still. */
async function keepLargeFile(url: string, event: ExtendableEvent): Promise<void> {
  if (!largeFileKeys.has(url)) return
  const [response, done] = largeFiles.handleAll({ request: new Request(url), event })
  await (await response).body?.cancel()
  await done
}

async function forgetOldLargeFiles(): Promise<void> {
  const cache = await caches.open(LARGE_FILES_CACHE)
  const current = new Set(largeFileKeys.values())
  const old = (await cache.keys()).filter((request) => !current.has(request.url))
  await Promise.all(old.map((request) => cache.delete(request)))
}
