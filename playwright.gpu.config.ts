import { defineConfig } from '@playwright/test'
import base from './playwright.config.ts'
import { SOFTWARE_GPU_ARGS, softwareGpuEnvironment } from './scripts/software-gpu.mjs'

const launchOptions = base.use?.launchOptions ?? {}

/** The tests that need a GPU, on the software adapter of `scripts/software-gpu.mjs`. */
export default defineConfig({
  ...base,
  testMatch: '**/*.gpu.spec.ts',
  testIgnore: [],
  // The first run compiles shaders.
  timeout: 115_000,
  expect: { timeout: 45_000 },
  use: {
    ...base.use,
    actionTimeout: 20_000,
    launchOptions: {
      ...launchOptions,
      args: [...(launchOptions.args ?? []), ...SOFTWARE_GPU_ARGS],
      env: { ...definedVariables(), ...softwareGpuEnvironment() },
    },
  },
})

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}
