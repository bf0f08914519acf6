import { readJson } from '../kit/read-json.ts'

/** How a result will be read. Text is as good as JSON; only what looks like broken JSON is suspect. */
export function contentKind(content: string): {
  readonly label: string
  readonly isSuspect: boolean
} {
  const text = content.trim()
  if (text === '')
    return { label: 'Empty: the call completes and returns nothing', isSuspect: false }
  const parsed = readJson(text)
  if (!parsed.ok) {
    return /^[[{]/.test(text)
      ? { label: `Sent as plain text. ${parsed.error}`, isSuspect: true }
      : { label: 'Plain text', isSuspect: false }
  }
  return { label: `JSON ${jsonType(parsed.value)}`, isSuspect: false }
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
