// Finds a Chromium that the tests may drive, and installs one where there is none.
//
//   node scripts/find-browser.mjs             prints its path, or says what to do and exits with 1
//   node scripts/find-browser.mjs --install   installs one first if need be
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from '@playwright/test'

const ADVICE =
  'No Chrome or Chromium was found. Install one, or set CHROME_PATH to its executable, or run `npx playwright install chromium`.'

/** Where the installers of each system put the browser, the most likely first. */
function usualPlaces() {
  switch (platform()) {
    case 'darwin':
      return ['/Applications', path.join(homedir(), 'Applications')].flatMap((folder) => [
        `${folder}/Google Chrome.app/Contents/MacOS/Google Chrome`,
        `${folder}/Chromium.app/Contents/MacOS/Chromium`,
      ])
    case 'win32':
      return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
        .map((name) => process.env[name])
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          path.join(folder, 'Google/Chrome/Application/chrome.exe'),
          path.join(folder, 'Chromium/Application/chrome.exe'),
        ])
    default:
      return ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'].flatMap(
        (name) => (process.env['PATH'] ?? '').split(':').map((folder) => path.join(folder, name)),
      )
  }
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The executable of a Chromium on this machine, or undefined: CHROME_PATH, then an installed
 * Chrome or Chromium, then Playwright's own.
 *
 * A CHROME_PATH that points nowhere throws: to fall back silently would test another browser than the one asked for.
 */
export function findBrowser() {
  const wanted = process.env['CHROME_PATH']
  if (wanted) {
    if (!isExecutable(wanted))
      throw new Error(`CHROME_PATH is ${wanted}, which cannot be executed.`)
    return wanted
  }
  return [...usualPlaces(), chromium.executablePath()].find(isExecutable)
}

/** What every launch needs: quiet, and no sandbox where Chromium refuses one (root). */
export const BROWSER_ARGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function attempt(command, args) {
  process.stderr.write(`> ${command} ${args.join(' ')}\n`)
  // The output goes to stderr: stdout is for the path alone.
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: platform() === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
}

/** Debian's own package first where it can be had: it brings the libraries that Playwright's build lacks there. */
function install() {
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const isInstalled =
      attempt('apt-get', ['update']) &&
      attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])
    if (isInstalled && findBrowser()) return
  }
  attempt('npx', ['playwright', 'install', 'chromium'])
}

/** Like findBrowser, but installs a browser when there is none, and throws with advice when that fails. */
export function ensureBrowser() {
  if (!findBrowser()) install()
  const found = findBrowser()
  if (!found) throw new Error(ADVICE)
  return found
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const found = process.argv.includes('--install') ? ensureBrowser() : findBrowser()
    if (!found) throw new Error(ADVICE)
    console.log(found)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
