import type * as XGrammar from '@mlc-ai/web-xgrammar'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { compileFunction, constants } from 'node:vm'

/**
 * The grammar engine of WebLLM, in the version that is inside it. The package is a script that calls itself a module, so
 * Node is given it as what it is.
 */
export function loadXGrammar(): typeof XGrammar {
  const require = createRequire(import.meta.url)
  const file = require.resolve('@mlc-ai/web-xgrammar')
  const module = { exports: {} }
  const parameters = ['exports', 'module', 'require', '__dirname', '__filename']
  const run = compileFunction(readFileSync(file, 'utf8'), parameters, {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  run(module.exports, module, require, path.dirname(file), file)
  return module.exports as typeof XGrammar
}
