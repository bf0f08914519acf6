import type { GgufHeader } from '../gguf-header.ts'
import { readGgufHeader } from '../read-gguf-header.ts'
import { writeGgufHeader, type GgufContent } from './write-gguf.ts'

/** The header as the reader sees it. */
export async function headerOf(content: GgufContent): Promise<GgufHeader> {
  const bytes = writeGgufHeader(content)
  const slice = (start: number, end: number) => ({
    arrayBuffer: async () => bytes.slice(start, end).buffer as ArrayBuffer,
  })
  const read = await readGgufHeader({ name: 'model.gguf', size: bytes.length, slice })
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value
}
