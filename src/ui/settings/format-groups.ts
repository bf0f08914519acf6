import { FORMATS } from '../../core/formats/all-formats.ts'
import type { ToolCallFormat } from '../../core/formats/format.ts'

/** Every format by what its calls look like, so that one is found by looking at an answer; in a group by label. */
export const FORMAT_GROUPS: readonly {
  readonly label: string
  readonly formats: readonly ToolCallFormat[]
}[] = [
  'A JSON array of calls',
  'A JSON object for each call',
  'A name, then JSON arguments',
  'Python calls',
  'Arguments in tags of their own',
].flatMap((label) => {
  const formats = FORMATS.filter((format) => shapeOf(format) === label)
  const sorted = formats.toSorted((a, b) => a.label.localeCompare(b.label))
  return formats.length > 0 ? [{ label, formats: sorted }] : []
})

function shapeOf({ syntax }: ToolCallFormat): string {
  if (syntax.notation.type === 'python') return 'Python calls'
  if (syntax.notation.type !== 'json') return 'Arguments in tags of their own'
  const { before } = syntax.call
  const isNameInJson = before.some((part) => typeof part === 'string' && part.endsWith('": "'))
  if (!isNameInJson) return 'A name, then JSON arguments'
  const opening = syntax.open.at(-1)
  return typeof opening === 'string' && opening.endsWith('[')
    ? 'A JSON array of calls'
    : 'A JSON object for each call'
}
