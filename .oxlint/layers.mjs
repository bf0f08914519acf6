// The layer table as data, and the one lint rule that enforces it.
import path from 'node:path'

/**
 * layer -> what it may import: other layers, and packages by exact name or `scope/*` prefix.
 *
 * @type {Readonly<Record<string, { layers: readonly string[], packages: readonly string[] }>>}
 */
export const LAYERS = {
  core: {
    layers: [],
    packages: [
      '@huggingface/jinja',
      '@huggingface/tokenizers',
      '@cfworker/json-schema',
      'jsonc-parser',
    ],
  },
  engine: { layers: ['core'], packages: ['@wllama/*', '@mlc-ai/*', 'eventsource-parser'] },
  hub: { layers: ['core'], packages: ['@huggingface/*', 'hash-wasm'] },
  session: { layers: ['core', 'engine'], packages: [] },
  store: { layers: ['core', 'engine', 'hub', 'session'], packages: ['zustand', 'idb'] },
  ui: {
    layers: ['core', 'store'],
    packages: [
      'react',
      'react-dom',
      'zustand',
      'radix-ui',
      'cmdk',
      'react-resizable-panels',
      'lucide-react',
      '@floating-ui/dom',
      '@codemirror/*',
      '@lezer/*',
      'virtua',
      'vscode-json-languageservice',
      '@fontsource/*',
      '@fontsource-variable/*',
    ],
  },
}

/** Layers whose subfolders are public; everywhere else only the layer's top files are its interface. */
const OPEN_LAYERS = new Set(['core'])

/** @param {string} specifier */
const packageName = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** @param {readonly string[]} allowed @param {string} name */
const allowsPackage = (allowed, name) =>
  allowed.some((entry) =>
    entry.endsWith('/*') ? name.startsWith(entry.slice(0, -1)) : entry === name,
  )

/**
 * Why `from` (a path below src/) may not import `specifier`, or null when it may.
 *
 * @param {string} from
 * @param {string} specifier
 */
export function violation(from, specifier) {
  const [layer = '', area] = from.split('/')
  const rules = LAYERS[layer]
  if (!rules) return null
  if (!specifier.startsWith('.')) {
    const name = packageName(specifier)
    return allowsPackage(rules.packages, name)
      ? null
      : `${layer} may not import the package ${name}`
  }
  const target = path.posix.join(path.posix.dirname(from), specifier)
  const [targetLayer = '', targetArea, ...deeper] = target.split('/')
  if (targetLayer === '..' || !LAYERS[targetLayer]) return `${layer} may not import ${target}`
  if (targetLayer === layer) {
    const isInFeature = layer === 'ui' && from.split('/').length > 2
    const isInOtherFeature = deeper.length > 0 && targetArea !== area && targetArea !== 'kit'
    return isInFeature && isInOtherFeature
      ? `the ui feature ${area} may not import the feature ${targetArea}`
      : null
  }
  if (!rules.layers.includes(targetLayer)) return `${layer} may not import ${targetLayer}`
  if (deeper.length > 0 && !OPEN_LAYERS.has(targetLayer))
    return `${target} is private to ${targetLayer}`
  return null
}

const enforce = {
  /** @param {any} context the plugin API of oxlint is ESLint's, untyped here */
  create(context) {
    const relative = path.relative(context.cwd, context.filename).split(path.sep).join('/')
    const from = relative.replace(/^src\//, '')
    const isTest = /\.test\.tsx?$/.test(from) || from.includes('__fixtures__/')
    if (from === relative || isTest) return {}

    /** @param {any} node @param {unknown} specifier */
    const check = (node, specifier) => {
      const reason = typeof specifier === 'string' ? violation(from, specifier) : null
      if (reason)
        context.report({ node, message: `${reason} (see the layer table in .oxlint/layers.mjs)` })
    }
    /** @param {any} node */
    const checkSource = (node) => check(node, node.source?.value)
    return {
      ImportDeclaration: checkSource,
      ImportExpression: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      TSImportType: checkSource,
      /** `new Worker(new URL('./x.worker.ts', import.meta.url))` is an import too. @param {any} node */
      NewExpression(node) {
        const [specifier, base] = node.arguments
        if (node.callee.name === 'URL' && base?.object?.type === 'MetaProperty')
          check(node, specifier?.value)
      },
    }
  },
}

export default { meta: { name: 'layers' }, rules: { enforce } }
