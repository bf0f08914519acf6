/** A stretch of exact text and how it is to be shown. Joined, the texts give the input back. */
export type TextSegment = {
  readonly type: 'plain' | 'special' | 'control' | 'space' | 'newline'
  readonly text: string
}

/** Texts that chat templates give a meaning to; the model's own BOS and EOS are added by the caller. */
const SPECIAL =
  String.raw`<\|[^|<>\s]{1,48}\|>|<｜[^｜<>]{1,48}｜>` +
  String.raw`|</?(?:tool_call|tool_response|tools|think|s|function_calls|start_of_turn|end_of_turn|start_function_call|end_function_call)>` +
  String.raw`|<(?:bos|eos|pad|unk)>` +
  String.raw`|\[/?(?:TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CONTENT|CALL_ID|ARGS|INST|SYSTEM_PROMPT)\]`
/** Characters that a page shows as nothing, or that change how their neighbours are shown. */
const CONTROL = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]`
const SPACE = String.raw`[ \t\u00a0]+`
const NEWLINE = String.raw`\n`

/** More marks than this make the page slow and help nobody: the rest stays plain. */
const MAX_SEGMENTS = 6000

export type MarkOptions = {
  /** Further texts to mark as special, such as the model's BOS. */
  readonly specialTexts: readonly string[]
  readonly whitespace: boolean
}

/** Splits text at what the eye would miss: special tokens, control characters and, if asked, white space. */
export function markText(text: string, options: MarkOptions): readonly TextSegment[] {
  const extra = options.specialTexts.filter((special) => special !== '').map(escapeForRegExp)
  const groups = [
    `(?<special>${[...extra, SPECIAL].join('|')})`,
    `(?<control>${CONTROL})`,
    ...(options.whitespace ? [`(?<space>${SPACE})`, `(?<newline>${NEWLINE})`] : []),
  ]
  const segments: TextSegment[] = []
  let end = 0
  for (const match of text.matchAll(new RegExp(groups.join('|'), 'gu'))) {
    if (segments.length >= MAX_SEGMENTS) break
    if (match.index > end) segments.push({ type: 'plain', text: text.slice(end, match.index) })
    segments.push({ type: typeOf(match.groups), text: match[0] })
    end = match.index + match[0].length
  }
  if (end < text.length) segments.push({ type: 'plain', text: text.slice(end) })
  return segments
}

function typeOf(groups: Record<string, string | undefined> | undefined): TextSegment['type'] {
  if (groups?.['control'] !== undefined) return 'control'
  if (groups?.['space'] !== undefined) return 'space'
  if (groups?.['newline'] !== undefined) return 'newline'
  return 'special'
}

/** How a control character is named: `U+200B`. */
export function codePointName(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}
