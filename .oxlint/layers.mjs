// The layer table of src/README.md as data, and the one rule that enforces it.
import path from 'node:path'

/** layer -> what it may import: other layers, and packages by exact name or `scope/*` prefix. */
export const LAYERS = {
  core: { layers: [], packages: ['@huggingface/jinja', '@cfworker/json-schema', 'jsonc-parser'] },
  engine: { layers: ['core'], packages: ['@wllama/*'] },
  hub: { layers: ['core'], packages: ['@huggingface/*'] },
  session: { layers: ['core', 'engine'], packages: [] },
  store: { layers: ['core', 'engine', 'hub', 'session'], packages: ['zustand', 'idb'] },
  ui: {
    layers: ['core', 'store'],
    packages: [
      'react', 'react-dom', 'zustand', 'radix-ui', 'cmdk', 'react-resizable-panels', 'lucide-react',
      '@codemirror/*', '@lezer/*', 'vscode-json-languageservice', '@fontsource/*', '@fontsource-variable/*',
    ],
  },
}

/** Layers whose subfolders are public; everywhere else only the layer's top files are its interface. */
const OPEN_LAYERS = new Set(['core'])

const packageName = (specifier) =>
  specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')

const allowsPackage = (allowed, name) =>
  allowed.some((entry) => (entry.endsWith('/*') ? name.startsWith(entry.slice(0, -1)) : entry === name))

/** Why `from` (a path below src/) may not import `specifier`, or null when it may. */
export function violation(from, specifier) {
  const [layer, area] = from.split('/')
  const rules = LAYERS[layer]
  if (!rules) return null
  if (!specifier.startsWith('.')) {
    const name = packageName(specifier)
    return allowsPackage(rules.packages, name) ? null : `${layer} may not import the package ${name}`
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier))
  const [targetLayer, targetArea, ...deeper] = target.split('/')
  if (targetLayer === '..' || !LAYERS[targetLayer]) return `${layer} may not import ${target}`
  if (targetLayer === layer) {
    const crossesFeature =
      layer === 'ui' && deeper.length > 0 && targetArea !== area && targetArea !== 'kit' && from.split('/').length > 2
    return crossesFeature ? `the ui feature ${area} may not import the feature ${targetArea}` : null
  }
  if (!rules.layers.includes(targetLayer)) return `${layer} may not import ${targetLayer}`
  if (deeper.length > 0 && !OPEN_LAYERS.has(targetLayer)) return `${target} is private to ${targetLayer}`
  return null
}

const enforce = {
  create(context) {
    const file = context.filename.split(path.sep).join('/')
    const from = file.slice(file.lastIndexOf('/src/') + 5)
    if (!file.includes('/src/') || /\.test\.tsx?$/.test(from) || from.includes('__fixtures__')) return {}
    const check = (node) => {
      const specifier = node.source?.value
      const reason = typeof specifier === 'string' ? violation(from, specifier) : null
      if (reason) context.report({ node, message: `${reason} (see the layer table in .oxlint/layers.mjs)` })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

export default { meta: { name: 'layers' }, rules: { enforce } }
