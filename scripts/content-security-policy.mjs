// The content security policy, put into index.html as a meta tag: a static host sends no header of ours.

/** What each directive allows, and why it must. */
const DIRECTIVES = {
  'default-src': ["'self'"],
  // No 'unsafe-eval' and no inline script: nothing that arrives as text may run. The engine is WebAssembly.
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  // CodeMirror and Radix write style elements and attributes.
  'style-src': ["'self'", "'unsafe-inline'"],
  // wllama starts its worker from a blob.
  'worker-src': ["'self'", 'blob:'],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'"],
  // The Hub redirects to hosts that change, and a mirror is any server that the user names, in a workshop's network often
  // by http: a policy in a meta tag cannot grow with a setting. What this gives up is small, as no foreign script can
  // run here; on a page that came by https the browser still refuses http to any machine but this one.
  'connect-src': ["'self'", 'https:', 'http:', 'blob:', 'data:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
}

/** What the dev server needs beyond it: React Refresh is an inline script, hot updates are a socket. */
const DEV_ADDITIONS = {
  'script-src': ["'unsafe-inline'"],
  'connect-src': ['ws:'],
}

/** @param {'build' | 'dev'} purpose */
export function contentSecurityPolicy(purpose) {
  /** @type {Readonly<Record<string, readonly string[]>>} */
  const additions = purpose === 'dev' ? DEV_ADDITIONS : {}
  return Object.entries(DIRECTIVES)
    .map(([name, sources]) => [name, ...sources, ...(additions[name] ?? [])].join(' '))
    .join('; ')
}

/** @returns {import('vite').Plugin} */
export function contentSecurityPolicyPlugin() {
  return {
    name: 'callground:content-security-policy',
    transformIndexHtml: (_html, { server }) => [
      {
        tag: 'meta',
        attrs: {
          'http-equiv': 'Content-Security-Policy',
          content: contentSecurityPolicy(server ? 'dev' : 'build'),
        },
        // First: a policy binds only what comes after it.
        injectTo: 'head-prepend',
      },
    ],
  }
}
