const ROUNDS = 3

/**
 * From navigation to the first streamed character of a call on the built-in model: a first visit with nothing cached,
 * and a later one. The message is typed as soon as the page takes input; sending waits for the model by itself.
 *
 * @param {import('./run.mjs').Bench} bench
 * @returns {Promise<import('./run.mjs').Measurement[]>}
 */
export async function run({ browser, url }) {
  /** @type {number[]} */ const cold = []
  /** @type {number[]} */ const warm = []
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    cold.push(await untilFirstCall(page, url))
    warm.push(await untilFirstCall(page, url))
    await context.close()
  }
  return [
    { name: 'navigation to first call character, cold', value: Math.min(...cold), unit: 'ms' },
    { name: 'navigation to first call character, warm', value: Math.min(...warm), unit: 'ms' },
  ]
}

/** @param {import('@playwright/test').Page} page @param {string} url */
async function untilFirstCall(page, url) {
  await page.goto(url, { waitUntil: 'commit' })
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill('What is the weather in Paris?')
  // Read in the page: the clock of its own navigation, without the way to the driver.
  const firstCharacterMs = page.evaluate(
    () =>
      new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector('[data-pane="calls"]')?.textContent?.includes('get_weather'))
            return
          observer.disconnect()
          resolve(performance.now())
        })
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
  )
  await message.press('Enter')
  const ms = /** @type {number} */ (await firstCharacterMs)
  await page.getByRole('button', { name: 'New chat' }).first().click()
  return ms
}
