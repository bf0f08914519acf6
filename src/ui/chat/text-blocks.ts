/** A stretch of an answer's text: prose with inline code, or a fenced block. */
export type TextBlock =
  | { readonly type: 'prose'; readonly text: string }
  | { readonly type: 'fence'; readonly language: string; readonly text: string }

export type InlinePart = { readonly type: 'text' | 'code'; readonly text: string }

const FENCE = '```'

/** Splits text at ``` fences; the last one may still be open. Nothing else of Markdown is read. */
export function textBlocks(text: string): readonly TextBlock[] {
  const blocks: TextBlock[] = []
  let prose: string[] = []
  let fence: { readonly language: string; readonly lines: string[] } | null = null
  const endProse = () => {
    const joined = prose.join('\n').replace(/^\n+|\s+$/g, '')
    if (joined !== '') blocks.push({ type: 'prose', text: joined })
    prose = []
  }
  for (const line of text.split('\n')) {
    const trimmed = line.trim()
    if (fence && trimmed === FENCE) {
      blocks.push({ type: 'fence', language: fence.language, text: fence.lines.join('\n') })
      fence = null
    } else if (fence) {
      fence.lines.push(line)
    } else if (isOpeningFence(trimmed)) {
      endProse()
      fence = { language: trimmed.slice(FENCE.length), lines: [] }
    } else {
      prose.push(line)
    }
  }
  if (fence) blocks.push({ type: 'fence', language: fence.language, text: fence.lines.join('\n') })
  endProse()
  return blocks
}

/** As in CommonMark: what stands after the ticks may not hold another one. */
function isOpeningFence(trimmed: string): boolean {
  return trimmed.startsWith(FENCE) && !trimmed.includes('`', FENCE.length)
}

/** Splits prose at `inline code` of one line. */
export function inlineParts(text: string): readonly InlinePart[] {
  return text.split(/(`[^`\n]+`)/).flatMap((piece, index): readonly InlinePart[] => {
    if (piece === '') return []
    return [
      index % 2 === 1 ? { type: 'code', text: piece.slice(1, -1) } : { type: 'text', text: piece },
    ]
  })
}
