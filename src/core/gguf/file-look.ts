import type { FileLook } from './gguf-header.ts'
import { decodeUtf8 } from './utf8.ts'

/** How many bytes `fileLook` wants to see. */
export const LOOK_BYTES = 512

/** Says what a file that is no GGUF seems to be, from its first bytes. */
export function fileLook(start: Uint8Array): FileLook {
  if (start.length === 0) return 'empty'
  const [a, b, c, d] = start
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) return 'zip'
  if (a === 0x1f && b === 0x8b) return 'gzip'
  if (a === 0x80 && b !== undefined && b >= 2 && b <= 5) return 'pickle'
  const text = decodeUtf8(start.subarray(0, LOOK_BYTES))
  // ggml, ggmf, ggjt and ggla stood in the file as little-endian numbers, so backwards.
  if (/^(lmgg|fmgg|tjgg|algg)/.test(text)) return 'old-ggml'
  // Eight bytes of length, then a JSON object.
  if (start[8] === 0x7b && start[7] === 0 && start[6] === 0) return 'safetensors'
  if (text.startsWith('version https://git-lfs')) return 'git-lfs-pointer'
  const trimmed = text.trimStart()
  if (/^(<!doctype html|<html|<head|<!--)/i.test(trimmed)) return 'html'
  if (isPlainText(text)) return /^[[{]/.test(trimmed) ? 'json' : 'text'
  return 'unknown'
}

/** No control characters but white space, and valid UTF-8; a last character cut in half is not held against it. */
function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length - 1; index++) {
    const code = text.charCodeAt(index)
    const isWhiteSpace = code >= 0x09 && code <= 0x0d
    if (code === 0xfffd || (code < 0x20 && !isWhiteSpace)) return false
  }
  return true
}
