import { defineConfig } from '@playwright/test'
import { BROWSER_ARGS, findBrowser } from './scripts/find-browser.mjs'

const isCi = Boolean(process.env['CI'])
const executablePath = findBrowser()
const port = Number(process.env['E2E_PORT'] ?? 4319)

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // They have a configuration of their own.
  testIgnore: '**/*.gpu.spec.ts',
  outputDir: 'test-results',
  // The engine itself uses every core: two tests at once would time each other out.
  workers: 1,
  fullyParallel: false,
  forbidOnly: isCi,
  // A test that passes only at the second attempt is a bug of the test or of the app.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    // Where Chrome is not found Playwright says how to install its own.
    launchOptions: { args: BROWSER_ARGS, ...(executablePath ? { executablePath } : {}) },
    // A trace doubles the time of a run.
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `npx --no-install vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: !isCi,
    timeout: 30_000,
  },
})
