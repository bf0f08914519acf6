// Size limits on the built site. What the first load fetches is computed from Vite's manifest, so that the
// number stays true whatever the chunks are called.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const dist = new URL('dist/', import.meta.url)
const manifestFile = new URL('.vite/manifest.json', dist)
if (!existsSync(manifestFile)) throw new Error('There is no dist/: run `npm run build` first.')

/** @type {Readonly<Record<string, { file: string, imports?: string[], dynamicImports?: string[], css?: string[] }>>} */
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))

/** Manifest keys reached from `key` by static imports. @param {string} key @returns {string[]} */
function staticClosure(key, seen = new Set()) {
  if (seen.has(key)) return []
  seen.add(key)
  return [key, ...(manifest[key]?.imports ?? []).flatMap((next) => staticClosure(next, seen))]
}

/** @param {readonly string[]} keys */
const files = (keys) => keys.map((key) => `dist/${manifest[key]?.file}`)

const firstLoad = staticClosure('index.html')
/** Classic scripts in index.html are no part of the manifest. */
const classicScripts = [
  ...readFileSync(new URL('index.html', dist), 'utf8').matchAll(/<script src="\.\/([^"]+)"/g),
].map(([, file]) => `dist/${file}`)
const lazy = Object.keys(manifest).filter(
  (key) => manifest[key]?.file.endsWith('.js') && !firstLoad.includes(key),
)

/** Workers are bundles of their own, which the manifest does not list. */
const listed = new Set(Object.values(manifest).map(({ file }) => file))
const workers = readdirSync(new URL('assets/', dist))
  .map((file) => `assets/${file}`)
  .filter((file) => file.endsWith('.js') && !listed.has(file))
  .map((file) => `dist/${file}`)

const webllm = existsSync(new URL('assets/webllm/', dist))
  ? readdirSync(new URL('assets/webllm/', dist)).map((file) => `dist/assets/webllm/${file}`)
  : []

export const firstLoadFiles = [...files(firstLoad), ...classicScripts]

// oxlint-disable-next-line import/no-default-export -- size-limit reads it
export default [
  { name: 'First load, JavaScript', path: firstLoadFiles, limit: '170 kB', gzip: true },
  {
    name: 'First load, CSS',
    path: firstLoad.flatMap((key) => (manifest[key]?.css ?? []).map((file) => `dist/${file}`)),
    limit: '20 kB',
    gzip: true,
  },
  { name: 'Lazy chunks, JavaScript', path: files(lazy), limit: '450 kB', gzip: true },
  { name: 'Workers, JavaScript', path: workers, limit: '260 kB', gzip: true },
  // One file each for the engine and the tokenizer, fetched by WebLLM's worker alone.
  { name: 'WebLLM, JavaScript', path: webllm, limit: '4.2 MB', gzip: true },
  { name: 'Service worker', path: 'dist/service-worker.js', limit: '8 kB', gzip: true },
].filter(({ path }) => path.length > 0)
