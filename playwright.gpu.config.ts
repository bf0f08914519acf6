import { defineConfig } from '@playwright/test'
import base from './playwright.config.ts'
import { SOFTWARE_GPU_ARGS, softwareGpuEnvironment } from './scripts/software-gpu.mjs'

/** Without them Chromium on Linux offers no WebGPU. */
const REAL_GPU_ARGS = ['--enable-unsafe-webgpu', '--enable-features=Vulkan']

const launchOptions = base.use?.launchOptions ?? {}

/** The one test that wants this machine's own GPU: see e2e/webllm-real.gpu.spec.ts. */
const isReal = process.env['CALLGROUND_MLC_MODEL'] !== undefined

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
      args: [...(launchOptions.args ?? []), ...(isReal ? REAL_GPU_ARGS : SOFTWARE_GPU_ARGS)],
      env: { ...definedVariables(), ...(isReal ? {} : softwareGpuEnvironment()) },
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
