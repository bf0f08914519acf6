// Installs the git hooks after `npm install`. Never fails an install: CI, an archive without git, and
// an install without development tools have no use for hooks.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
if (!process.env['CI'] && existsSync(new URL('.git', root))) {
  const { status } = spawnSync('lefthook', ['install'], {
    cwd: fileURLToPath(root),
    stdio: 'ignore',
    shell: process.platform === 'win32',
  })
  if (status !== 0)
    console.warn('The git hooks were not installed; `npx lefthook install` does it.')
}
