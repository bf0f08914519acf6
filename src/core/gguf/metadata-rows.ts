import type { GgufHeader, GgufScalar } from './gguf-header.ts'

export type MetadataRow = {
  readonly key: string
  /** One line that fits a table. */
  readonly text: string
  /** The whole value when `text` is only the start of it. */
  readonly fullText: string | null
}

const SHOWN_CHARACTERS = 160
const SHOWN_NUMBERS = 12

/**
 * The metadata as a person reads them: `general.*` first, then the architecture's own, the tokenizer's and the rest.
 *
 * Long texts and lists are shortened. Of lists that the header does not keep, as of the vocabulary, only the length is told.
 */
export function metadataRows(header: GgufHeader): readonly MetadataRow[] {
  const scalars = [...header.metadata].map(([key, value]) => scalarRow(header, key, value))
  const lists = [...header.arrayLengths].map(([key, length]) => listRow(header, key, length))
  const rank = (key: string) => sectionRank(key, header.architecture)
  return [...scalars, ...lists].toSorted(
    (a, b) => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1),
  )
}

function sectionRank(key: string, architecture: string): number {
  if (key.startsWith('general.')) return 0
  if (architecture !== '' && key.startsWith(`${architecture}.`)) return 1
  return key.startsWith('tokenizer.') ? 2 : 3
}

function scalarRow(header: GgufHeader, key: string, value: GgufScalar): MetadataRow {
  if (typeof value !== 'string') {
    const meaning = meaningOf(header, key)
    const text = typeof value === 'number' ? shortNumber(value) : String(value)
    return { key, text: meaning ? `${text} (${meaning})` : text, fullText: null }
  }
  const line = value.replaceAll(/\s+/g, ' ').trim()
  // By code points: a cut through a surrogate pair would show a broken character.
  const start = Array.from(line.slice(0, SHOWN_CHARACTERS * 2)).slice(0, SHOWN_CHARACTERS)
  const shown = start.join('')
  const text = shown === line ? line : `${shown.trimEnd()}…`
  return { key, text, fullText: text === value ? null : value }
}

function listRow(header: GgufHeader, key: string, length: number): MetadataRow {
  const numbers = header.numberArrays.get(key)
  if (!numbers) return { key, text: `a list of ${length.toLocaleString('en-US')}`, fullText: null }
  const full = `[${numbers.map(shortNumber).join(', ')}]`
  if (numbers.length <= SHOWN_NUMBERS) return { key, text: full, fullText: null }
  const start = numbers.slice(0, SHOWN_NUMBERS).map(shortNumber).join(', ')
  return { key, text: `[${start}, …] ${numbers.length} numbers`, fullText: full }
}

/** What the numbers that stand for something stand for. */
function meaningOf(header: GgufHeader, key: string): string | null {
  if (key === 'general.file_type') return header.fileType
  if (key === 'tokenizer.ggml.bos_token_id') return header.bosToken || null
  if (key === 'tokenizer.ggml.eos_token_id') return header.eosToken || null
  return null
}

/** Most numbers in the file have 32 bits: 9.999999974752427e-7 is what became of 0.000001. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value)
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.fround(rounded) === value) return String(rounded)
  }
  return String(value)
}
