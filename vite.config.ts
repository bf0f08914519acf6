import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { contentSecurityPolicyPlugin } from './scripts/content-security-policy.mjs'
import { BROWSER_ARGS, findBrowser } from './scripts/find-browser.mjs'

/** Without these two headers the page is not cross-origin isolated and wllama runs on one thread. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

const MEBIBYTE = 2 ** 20

const serviceWorker = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'src',
  filename: 'service-worker.ts',
  // The web app manifest is a plain file in public/, and src/register-service-worker.ts registers.
  manifest: false,
  injectRegister: null,
  injectManifest: {
    // A classic script: Firefox has module service workers only since 147.
    rollupFormat: 'iife',
    // The worker itself tells the small shell, which it installs, from the large files, which it keeps once used.
    globPatterns: ['**/*.{html,js,css,woff2,svg,png,webmanifest,wasm,gguf}'],
    globIgnores: ['service-worker.js'],
    // A hash in the name is the revision.
    dontCacheBustURLsMatching: /^assets\/.+-[\w-]{8}\.\w+$/,
    maximumFileSizeToCacheInBytes: 64 * MEBIBYTE,
  },
})

/** WebLLM and its tokenizer: 10 MB that only its own worker fetches, in a folder that the service worker knows. */
const chunkFileNames = ({ moduleIds }: { readonly moduleIds: readonly string[] }) =>
  moduleIds.some((id) => id.includes('@mlc-ai/'))
    ? 'assets/webllm/[name]-[hash].js'
    : 'assets/[name]-[hash].js'

const output = {
  // The compat build of the engine is for browsers without JSPI: its own folder lets the service worker tell it apart.
  assetFileNames: ({ originalFileNames }: { readonly originalFileNames: readonly string[] }) =>
    originalFileNames.some((name) => name.includes('wllama-compat'))
      ? 'assets/compat/[name]-[hash][extname]'
      : 'assets/[name]-[hash][extname]',
}

const browserPath = findBrowser()

export default defineConfig(({ command }) => ({
  // Relative, so that the build works under any sub-path of a static host.
  base: './',
  plugins: [
    react(),
    tailwindcss(),
    contentSecurityPolicyPlugin(),
    command === 'build' && serviceWorker,
  ],
  worker: { format: 'es', rolldownOptions: { output: { ...output, chunkFileNames } } },
  // Only workers import it: found late, it would make the page of a running test load again.
  optimizeDeps: {
    include: ['hash-wasm', '@huggingface/tokenizers'],
    exclude: ['@mlc-ai/web-llm', '@mlc-ai/web-tokenizers'],
  },
  build: {
    target: 'chrome137',
    // For .size-limit.mjs, which follows the static imports from index.html.
    manifest: true,
    // Every browser that can run the engine has modulepreload.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        ...output,
        // What the first load needs is one file: split by who else imports it, it compresses worse, by 6 kB.
        codeSplitting: {
          groups: [{ name: 'shell', tags: ['$initial' as const], test: /(?<!main\.tsx|\.html)$/ }],
        },
      },
    },
  },
  server: { headers: isolationHeaders },
  preview: { headers: isolationHeaders },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          // A property with hundreds of runs takes seconds on a busy machine.
          testTimeout: 30_000,
          include: ['src/**/*.test.ts', '{.oxlint,scripts}/**/*.test.mjs'],
          exclude: ['**/*.browser.test.ts'],
        },
      },
      {
        extends: true,
        // Found only in the middle of a run, they would reload the page under the tests.
        optimizeDeps: {
          include: [
            '@wllama/wllama/esm/index.js',
            'vitest-browser-react',
            'vscode-json-languageservice',
            '@codemirror/*',
            'radix-ui',
            'react-resizable-panels',
            'lucide-react',
          ],
        },
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.{ts,tsx}'],
          // They load models and read long prompts: 4 s each on two free cores, four times that on busy ones.
          testTimeout: 60_000,
          // A local Hub, with faults on demand.
          globalSetup: 'e2e/fixtures/hub-server-setup.ts',
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                args: BROWSER_ARGS,
                ...(browserPath === undefined ? {} : { executablePath: browserPath }),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
}))
