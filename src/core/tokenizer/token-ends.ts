type TokenNotation = {
  /** Tokens that are written as they are, whatever the notation. */
  readonly special: ReadonlySet<string>
  /** One character stands for one byte; otherwise `▁` stands for a space and `<0x0A>` for a byte. */
  readonly isBytes: boolean
  /** A space that is not in the text goes in front of it and of what follows a special token. */
  readonly addsSpace: boolean
}

/** Where each token ends in `text`; null when the tokens are not as long as the text. */
export function tokenEnds(
  text: string,
  tokens: readonly string[],
  notation: TokenNotation,
): Uint32Array | null {
  const ends = new Uint32Array(tokens.length)
  const walk = walkBytes(text)
  let bytes = 0
  let hasSpace = notation.addsSpace
  for (const [index, token] of tokens.entries()) {
    const isSpecial = notation.special.has(token)
    bytes += isSpecial || !notation.isBytes ? pieceBytes(token, isSpecial) : token.length
    if (!isSpecial && hasSpace) bytes -= 1
    hasSpace = isSpecial && notation.addsSpace
    ends[index] = walk(bytes)
  }
  const isWhole = tokens.length === 0 ? text === '' : ends.at(-1) === text.length
  return isWhole && walk(bytes + 1) === walk(bytes) ? ends : null
}

function pieceBytes(token: string, isSpecial: boolean): number {
  if (!isSpecial && /^<0x[0-9A-F]{2}>$/.test(token)) return 1
  let bytes = 0
  for (const character of token) {
    bytes += character === '▁' && !isSpecial ? 1 : utf8Length(character.codePointAt(0) ?? 0)
  }
  return bytes
}

/** Goes through `text` once: the UTF-16 offset behind the last character that is whole at a rising byte offset. */
function walkBytes(text: string): (bytes: number) => number {
  let at = 0
  let passed = 0
  return (bytes) => {
    while (at < text.length) {
      const code = text.codePointAt(at) ?? 0
      const length = utf8Length(code)
      if (passed + length > bytes) break
      passed += length
      at += code > 0xffff ? 2 : 1
    }
    return at
  }
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
