// A static file server as plain as GitHub Pages: no isolation headers, any sub-path, ETags and ranges.
//
//   node scripts/serve-static.mjs [--root dist] [--base /some/sub/path/] [--port 4320]
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const MIME_TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.wasm', 'application/wasm'],
  ['.txt', 'text/plain; charset=utf-8'],
])

/**
 * The byte range that a Range header asks for, null when the whole file is to be sent, or 'unsatisfiable'.
 * Several ranges at once are answered with the whole file, as RFC 9110 allows.
 *
 * @param {string | undefined} header
 * @param {number} sizeBytes
 */
export function parseRange(header, sizeBytes) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  const [, first = '', last = ''] = match ?? []
  if (!match || (first === '' && last === '')) return null
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  if (start > end || start >= sizeBytes) return 'unsatisfiable'
  return { start, end }
}

/**
 * @typedef {object} StaticServerOptions
 * @property {string} root folder to serve
 * @property {string} [basePath] where it is mounted, with a slash at both ends
 * @property {number} [port] 0 takes a free one
 * @property {Readonly<Record<string, string>>} [headers] sent with every answer
 * @property {(path: string) => Promise<void> | void} [beforeAnswer] told each path below the base, may hold the answer back
 */

/**
 * @param {StaticServerOptions} options
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends with the base path
 */
export async function startStaticServer({
  root,
  basePath = '/',
  port = 0,
  headers = {},
  beforeAnswer = () => {},
}) {
  const folder = path.resolve(root)

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async function answer(request, response) {
    /** @param {number} status @param {Record<string, string | number>} [more] */
    const finish = (status, more = {}) =>
      void response.writeHead(status, { ...headers, ...more }).end()

    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'GET' && request.method !== 'HEAD') return finish(405)
    if (!pathname.startsWith(basePath)) return finish(404)
    const relative = decodeURIComponent(pathname.slice(basePath.length))
    await beforeAnswer(relative)
    const file = path.join(
      folder,
      relative === '' || relative.endsWith('/') ? `${relative}index.html` : relative,
    )
    if (!file.startsWith(folder + path.sep)) return finish(404)
    const stats = await stat(file).catch(() => null)
    if (!stats?.isFile()) return finish(404)

    const etag = `"${stats.size.toString(16)}-${Math.trunc(stats.mtimeMs).toString(16)}"`
    const common = {
      'Content-Type': MIME_TYPES.get(path.extname(file)) ?? 'application/octet-stream',
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'max-age=600',
      ETag: etag,
    }
    if (request.headers['if-none-match'] === etag) return finish(304, common)
    const range = parseRange(request.headers.range, stats.size)
    if (range === 'unsatisfiable') return finish(416, { 'Content-Range': `bytes */${stats.size}` })
    const { start, end } = range ?? { start: 0, end: stats.size - 1 }
    response.writeHead(range ? 206 : 200, {
      ...headers,
      ...common,
      'Content-Length': Math.max(0, end - start + 1),
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${stats.size}` } : {}),
    })
    if (request.method === 'HEAD' || stats.size === 0) return void response.end()
    // A reader that goes away half-way is no error of ours.
    pipeline(createReadStream(file, { start, end }), response, () => {})
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error)
      response.destroy()
    })
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(undefined))
  })
  const address = server.address()
  const boundPort = address !== null && typeof address === 'object' ? address.port : port
  return {
    url: `http://127.0.0.1:${boundPort}${basePath}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', default: fileURLToPath(new URL('../dist', import.meta.url)) },
      base: { type: 'string', default: '/some/sub/path/' },
      port: { type: 'string', default: '4320' },
    },
  })
  const { url } = await startStaticServer({
    root: values.root,
    basePath: values.base,
    port: Number(values.port),
  })
  console.log(`Serving ${values.root} at ${url}`)
}
