/** What the page tells the service worker. It answers nothing. */
export type PageToServiceWorker =
  /** The user agreed to an update: take over now. */
  | { readonly type: 'skip-waiting' }
  /** Absolute URLs of engine and model files in use, so that the next visit works offline. */
  | { readonly type: 'keep-large-files'; readonly urls: readonly string[] }
