import { isJsonObject, type JsonObject } from '../../core/lib/json.ts'
import { prettifyToolText } from '../../core/tools/format-tool-text.ts'
import { toNotation } from '../../core/tools/notation.ts'
import type { ToolProblem, ToolReading } from '../../core/tools/read-tools.ts'
import type { Tool, ToolDocument, ToolNotation } from '../../core/tools/tool.ts'

/** A tool document as it is shown. */
export type ToolView = {
  readonly document: ToolDocument
  readonly title: string
  /** The title is a tool's name, not words of ours. */
  readonly isNamed: boolean
  readonly description: string
  /** The parameters' names, `?` behind optional ones. */
  readonly parameters: string
  /** Their schemas, of all tools in the document. */
  readonly parameterSchemas: JsonObject
  readonly problems: readonly ToolProblem[]
  readonly errorCount: number
  readonly warningCount: number
  readonly tools: ToolReading['tools']
  /** Null when there is none, or more than one. */
  readonly notation: ToolNotation | null
}

export function toolView(
  document: ToolDocument,
  reading: ToolReading,
  problems: readonly ToolProblem[],
): ToolView {
  const { tools } = reading
  const errorCount = problems.filter(({ severity }) => severity === 'error').length
  const [first, ...others] = tools
  const notations = new Set(tools.map(({ notation }) => notation))
  return {
    document,
    ...heading(document, reading, problems),
    parameters: first && others.length === 0 ? parameterSummary(first.tool) : '',
    parameterSchemas: Object.assign({}, ...tools.map(({ tool }) => propertiesOf(tool))),
    problems,
    errorCount,
    warningCount: problems.length - errorCount,
    tools,
    notation: first && notations.size === 1 ? first.notation : null,
  }
}

/** The text with every readable definition rewritten; what else stands in it stays. */
export function inNotation({ document, tools }: ToolView, notation: ToolNotation): string {
  const { text } = document
  let end = text.length
  let rewritten = ''
  for (const { tool, span } of tools.toReversed()) {
    const definition = JSON.stringify(toNotation(tool, notation))
    rewritten = definition + text.slice(span.end, end) + rewritten
    end = span.start
  }
  rewritten = text.slice(0, end) + rewritten
  return prettifyToolText(rewritten) ?? rewritten
}

function heading(
  { text }: ToolDocument,
  { tools, isEmpty }: ToolReading,
  problems: readonly ToolProblem[],
): Pick<ToolView, 'title' | 'isNamed' | 'description'> {
  const [first, ...others] = tools
  if (first && others.length > 0) {
    const description = tools.map(({ tool }) => tool.name).join(', ')
    return { title: `${tools.length} tools`, isNamed: false, description }
  }
  if (first) return { title: first.tool.name, isNamed: true, description: first.tool.description }
  if (isEmpty) return { title: 'Untitled', isNamed: false, description: 'Empty' }
  // While a text is being typed it cannot be read now and then: its name stays.
  const name = /"name"\s*:\s*"([^"\n]{1,64})"/.exec(text)?.[1]
  const description = problems[0]?.message ?? ''
  return { title: name ?? 'Untitled', isNamed: name !== undefined, description }
}

function parameterSummary(tool: Tool): string {
  const required = tool.parameters['required']
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name)
  return Object.keys(propertiesOf(tool))
    .map((name) => (isRequired(name) ? name : `${name}?`))
    .join(', ')
}

function propertiesOf({ parameters }: Tool): JsonObject {
  const properties = parameters['properties']
  return isJsonObject(properties) ? properties : {}
}
