const REPLACEMENT = 0xfffd
/** Arguments of one `fromCodePoint` call; engines limit them to some ten thousands. */
const CHUNK = 4096

/**
 * Decodes UTF-8 as `TextDecoder` does, with U+FFFD for what is invalid. Core has no platform types, so not with it.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = ''
  let codePoints: number[] = []
  let at = 0
  while (at < bytes.length) {
    const { codePoint, length } = decodeOne(bytes, at)
    codePoints.push(codePoint)
    at += length
    if (codePoints.length === CHUNK) {
      text += String.fromCodePoint(...codePoints)
      codePoints = []
    }
  }
  return text + String.fromCodePoint(...codePoints)
}

function decodeOne(bytes: Uint8Array, at: number): { codePoint: number; length: number } {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return { codePoint: lead, length: 1 }
  const size =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >> 4 === 0xe ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
  if (size === 0) return { codePoint: REPLACEMENT, length: 1 }
  let codePoint = lead & (0x7f >> size)
  for (let index = 1; index < size; index++) {
    const byte = bytes[at + index] ?? 0
    // The second byte is narrower after some leads: no overlong forms, no surrogates, nothing above U+10FFFF.
    const low = index > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const high = index > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    if (byte < low || byte > high) return { codePoint: REPLACEMENT, length: index }
    codePoint = (codePoint << 6) | (byte & 0x3f)
  }
  return { codePoint, length: size }
}
