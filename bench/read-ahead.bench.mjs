import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const TOOL_COUNTS = [1, 5, 20]
const ROUNDS = 3
const MESSAGE = 'What is the weather in Oslo?'

/**
 * Time to the first token with 1, 5 and 20 tools: cold, after reading ahead, and on the second turn. The system prompt is new in
 * each round and stands before the tools, so that nothing is left in the cache from the round before.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser, url }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'callground-bench-'))
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    const page = await openModel(context, { url, modelFile: await writeModel(folder) })
    /** @type {import('./run.mjs').Measurement[]} */
    const measurements = []
    for (const count of TOOL_COUNTS) {
      await importTools(page, count)
      /** @type {{ cold: number, warmed: number, second: number }[]} */
      const rounds = []
      for (let round = 0; round < ROUNDS; round++) {
        rounds.push(await measure(page, `Round ${count}.${round}: answer briefly.`))
      }
      const tools = `${count} ${count === 1 ? 'tool' : 'tools'}`
      const [cold, warmed, second] = /** @type {const} */ (['cold', 'warmed', 'second']).map(
        (key) => median(rounds.map((round) => round[key])),
      )
      measurements.push(
        { name: `first token, cold, ${tools}`, value: cold ?? Number.NaN, unit: 'ms' },
        { name: `first token, read ahead, ${tools}`, value: warmed ?? Number.NaN, unit: 'ms' },
        { name: `first token, second turn, ${tools}`, value: second ?? Number.NaN, unit: 'ms' },
        {
          name: `first token, read ahead against cold, ${tools}`,
          value: median(rounds.map((round) => round.warmed / round.cold)),
          unit: '×',
          goal: { atMost: 0.15 },
        },
      )
    }
    return measurements
  } finally {
    await context.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Each byte of a prompt is a token of this model, and its template is xLAM-2's. @param {string} folder */
async function writeModel(folder) {
  const { module } = await runnerImport(path.join(root, 'e2e/fixtures/scripted-gguf.ts'), {
    root,
    configFile: false,
  })
  const template = path.join(root, 'src/core/template/__fixtures__/xlam-qwen.jinja')
  const bytes = module.scriptedGguf({
    name: 'Read ahead',
    template: await readFile(template, 'utf8'),
    script: ['It ', 'is ', 'cold.'],
    contextLength: 32_768,
  })
  const file = path.join(folder, 'read-ahead.gguf')
  await writeFile(file, bytes)
  return file
}

/** @param {import('@playwright/test').BrowserContext} context @param {{ url: string, modelFile: string }} options */
async function openModel(context, { url, modelFile }) {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: /^Model: Callground Nano. Demo model/ }).click()
  await page.getByLabel('GGUF files').setInputFiles(modelFile)
  const chip = page.getByRole('button', { name: /^Model: Read ahead. CPU/, includeHidden: true })
  await chip.waitFor()
  await page.keyboard.press('Escape')
  await setField(page, 'Context length', '32768')
  await page.getByRole('button', { name: /^Settings/ }).click()
  await page.getByRole('button', { name: 'Load again with these' }).click()
  await page.getByText('Loaded with 32,768 tokens.').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  return page
}

/** @param {import('@playwright/test').Page} page @param {string} label @param {string} value */
async function setField(page, label, value) {
  await page.getByRole('button', { name: /^Settings/ }).click()
  await page.getByLabel(label).fill(value)
  await page.getByRole('button', { name: 'Done' }).click()
}

/** Leaves the page with exactly this many tools. @param {import('@playwright/test').Page} page @param {number} count */
async function importTools(page, count) {
  const had = await page.getByRole('switch', { name: /^Offer tool_\d+ to the model/ }).count()
  const tools = Array.from({ length: count - had }, (_, index) => ({
    name: `tool_${had + index}`,
    description: 'Get the current weather for a location',
    parameters: {
      type: 'object',
      properties: { location: { type: 'string', description: 'City, such as Paris' } },
      required: ['location'],
    },
  }))
  const preset = page.getByRole('switch', { name: 'Offer get_weather to the model' })
  if (await preset.isChecked()) await preset.click()
  await page.getByRole('button', { name: 'Import tools' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import tools' })
  await dialog.getByRole('textbox', { name: 'Definitions' }).fill(JSON.stringify(tools))
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('switch', { name: `Offer tool_${count - 1} to the model` }).waitFor()
}

/** @param {import('@playwright/test').Page} page @param {string} systemPrompt */
async function measure(page, systemPrompt) {
  await setReadAhead(page, false)
  await startChat(page, `Cold. ${systemPrompt}`)
  const cold = await firstTokenMs(page, 1)
  const second = await firstTokenMs(page, 2)
  await setReadAhead(page, true)
  await startChat(page, `Warm. ${systemPrompt}`)
  await page.getByRole('textbox', { name: 'Message' }).fill(MESSAGE)
  // Longer than the app waits for the user to pause: what is told after that is of this prompt.
  await page.waitForTimeout(600)
  await page.getByText(/tokens read ahead/).waitFor({ timeout: 120_000 })
  const warmed = await firstTokenMs(page, 1)
  return { cold, warmed, second }
}

/** @param {import('@playwright/test').Page} page @param {boolean} isOn */
async function setReadAhead(page, isOn) {
  await page.getByRole('button', { name: /^Settings/ }).click()
  const control = page.getByRole('switch', { name: 'Read ahead' })
  if ((await control.isChecked()) !== isOn) await control.click()
  await page.getByRole('button', { name: 'Done' }).click()
}

/** @param {import('@playwright/test').Page} page @param {string} systemPrompt */
async function startChat(page, systemPrompt) {
  const newChat = page.getByRole('button', { name: 'New chat' }).first()
  if (await newChat.isEnabled()) await newChat.click()
  const fold = page.getByRole('button', { name: /^System prompt:/ })
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
  await page.getByRole('textbox', { name: 'System prompt' }).fill(systemPrompt)
}

/** As the footer of the answer tells it. @param {import('@playwright/test').Page} page @param {number} answers */
async function firstTokenMs(page, answers) {
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill(MESSAGE)
  await message.press('Enter')
  const footers = page.getByText(/first after [\d.]+ m?s/)
  await footers.nth(answers - 1).waitFor({ timeout: 240_000 })
  const [, amount = '', unit] = /first after ([\d.]+) (m?s)/.exec(
    (await footers.nth(answers - 1).textContent()) ?? '',
  ) ?? ['']
  return Number(amount) * (unit === 's' ? 1000 : 1)
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
