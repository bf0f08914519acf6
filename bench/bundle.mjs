import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Modules of the app as a page can import them, outside of the app.
 *
 * @param {string | Record<string, string>} entry one file, or several by the name that each gets
 */
export async function bundle(entry) {
  const bundled = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry, formats: ['es'] },
      rollupOptions: { preserveEntrySignatures: 'strict' },
    },
  })
  const [result] = Array.isArray(bundled) ? bundled : [bundled]
  if (!result || !('output' in result)) throw new Error('Nothing was bundled')
  return result.output
}
