// Draws public/icons/icon-*.png from logo.svg. Run by hand when the logo changes: node scripts/make-icons.mjs
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { BROWSER_ARGS, ensureBrowser } from './find-browser.mjs'

const folder = new URL('../public/icons/', import.meta.url)
const logo = await readFile(new URL('logo.svg', folder), 'utf8')
// Full-bleed, as launchers cut the corners themselves; the drawing lies within the maskable safe zone.
const square = logo.replace(/ rx="\d+"/, '')

const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_ARGS })
for (const size of [192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${square}`)
  await page.screenshot({ path: fileURLToPath(new URL(`icon-${size}.png`, folder)) })
  await page.close()
}
await browser.close()
