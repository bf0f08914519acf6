import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

const PIECE_LENGTH = 5

const CALL_HEAD = '[{"name": "get_weather", "arguments": {"location": "'
const CALL_TAIL = '", "unit": "celsius"}}]\n'
const WORDS = 300

/**
 * Writes a model that calls `get_weather` with a long argument over and over until max tokens, so that both the
 * transcript and the calls pane have work with every token.
 *
 * @param {{ idleWeights?: number }} [options] weights that do nothing, for a file as large as a real one
 * @returns {Promise<string>} the file's path
 */
export async function writeLongAnswerModel({ idleWeights = 0 } = {}) {
  const { module } = await runnerImport(path.join(root, 'e2e/fixtures/scripted-gguf.ts'), {
    root,
    configFile: false,
  })
  const words = Array.from({ length: WORDS }, (_, index) => `w${String(index).padStart(3, '0')} `)
  const bytes = module.scriptedGguf({
    name: 'Long answer',
    template:
      "{% for m in messages %}{{ m.role + ': ' + m.content + '\n' }}{% endfor %}{{ 'assistant:\n' }}",
    script: [...inPieces(CALL_HEAD), ...words, ...inPieces(CALL_TAIL)],
    endless: true,
    contextLength: 4096,
    idleWeights,
  })
  const file = path.join(
    await mkdtemp(path.join(tmpdir(), 'callground-bench-')),
    'long-answer.gguf',
  )
  await writeFile(file, bytes)
  return file
}

/** @param {string} text */
function inPieces(text) {
  return text.match(new RegExp(`[^]{1,${PIECE_LENGTH}}`, 'g')) ?? []
}
