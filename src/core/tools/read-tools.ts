import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'

import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import type { Span } from '../lib/span.ts'
import type { checkDefinition } from './check-definition.ts'
import { jsonProblems } from './json-problems.ts'
import { bareDefinition, definitionParts, listDefinitions } from './notation.ts'
import type { Tool, ToolNotation } from './tool.ts'

export type ToolProblem = {
  readonly severity: 'error' | 'warning'
  readonly span: Span
  readonly message: string
}

export type ReadTool = {
  readonly tool: Tool
  /** The whole definition, its wrapper included. */
  readonly span: Span
  /** The name with its quotes. */
  readonly nameSpan: Span
  readonly notation: ToolNotation
}

export type ToolReading = {
  /** Every definition that can be offered to a model: it has a name and an object of parameters. It may still have problems. */
  readonly tools: readonly ReadTool[]
  readonly problems: readonly ToolProblem[]
  readonly isEmpty: boolean
}

export type CheckDefinition = typeof checkDefinition

/**
 * Reads the text of a tool document: one definition, an array of them, or a request body with `tools` or `functions`,
 * each in the OpenAI, bare, Anthropic or MCP notation.
 *
 * `check` is `checkDefinition`, which brings the schema validator along; without it only the JSON itself is checked.
 * The text has to be strict JSON, because that is what every API wants; what is wrong comes with its place. Never throws.
 */
export function readTools(text: string, check: CheckDefinition | null): ToolReading {
  if (text.trim() === '') return { tools: [], problems: [], isEmpty: true }
  const slips = jsonProblems(text)
  const tree = slips.length === 0 ? parseTree(text) : undefined
  if (!tree) {
    const problems = slips.map((slip) => ({ ...slip, severity: 'error' }) as const)
    return { tools: [], problems, isEmpty: false }
  }
  const read = listDefinitions(JSON.parse(text) as JsonValue).map(({ path, value }) =>
    readDefinition(tree, { path, value, check }),
  )
  return {
    tools: read.flatMap(({ tool }) => tool ?? []),
    problems: [...read.flatMap(({ problems }) => problems), ...repeatedKeys(tree)].toSorted(
      (a, b) => a.span.start - b.span.start,
    ),
    isEmpty: false,
  }
}

/**
 * For each reading, the problems of names that an earlier tool has already, in the same document or in one before it.
 *
 * The first tool of a name is the one that calls are checked against.
 */
export function findDuplicateNames(
  readings: readonly ToolReading[],
): readonly (readonly ToolProblem[])[] {
  const names = new Set<string>()
  return readings.map(({ tools }) =>
    tools.flatMap(({ tool, nameSpan }): readonly ToolProblem[] => {
      if (!names.has(tool.name)) {
        names.add(tool.name)
        return []
      }
      const message = `There is a tool named ${JSON.stringify(tool.name)} already: only the first is used.`
      return [{ severity: 'error', span: nameSpan, message }]
    }),
  )
}

type DefinitionAt = {
  readonly path: readonly (string | number)[]
  readonly value: JsonValue
  readonly check: CheckDefinition | null
}

type ReadDefinition = {
  readonly tool: ReadTool | null
  readonly problems: readonly ToolProblem[]
}

function readDefinition(tree: Node, { path, value, check }: DefinitionAt): ReadDefinition {
  const node = findNodeAtLocation(tree, [...path]) ?? tree
  const span = spanOf(node)
  if (!isJsonObject(value)) {
    const message =
      'A tool definition is an object: {"name": …, "description": …, "parameters": …}.'
    return { tool: null, problems: [{ severity: 'error', span, message }] }
  }
  const parts = definitionParts(value)
  const problems = (check?.(value, parts) ?? []).map(({ severity, message, ...place }) => ({
    severity,
    message,
    span: placeOf(node, place),
  }))
  const tool = toolOf(bareDefinition(parts))
  if (!tool) return { tool: null, problems }
  const nameSpan = placeOf(node, { path: [...parts.path, 'name'], at: 'value' })
  return { tool: { tool, span, nameSpan, notation: parts.notation }, problems }
}

function toolOf(definition: JsonObject): Tool | null {
  const { name, description, parameters } = definition
  if (typeof name !== 'string' || name === '' || !isJsonObject(parameters)) return null
  return {
    name,
    description: typeof description === 'string' ? description : '',
    parameters,
    definition,
  }
}

type Place = { readonly path: readonly (string | number)[]; readonly at: 'value' | 'key' | 'open' }

/** Where a path leads in the text; to the nearest that is there when it leads nowhere. */
function placeOf(root: Node, { path, at }: Place): Span {
  let node = root
  for (const key of path) {
    const next = findNodeAtLocation(node, [key])
    if (!next) return openOf(node)
    node = next
  }
  if (at === 'open') return openOf(node)
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined
  if (at === 'key' && key) return spanOf(key)
  // A whole object underlined says nothing: its key does, or else where it begins.
  if (node.type === 'object' || node.type === 'array') return key ? spanOf(key) : openOf(node)
  return spanOf(node)
}

function openOf(node: Node): Span {
  return node.type === 'object' || node.type === 'array'
    ? { start: node.offset, end: node.offset + 1 }
    : spanOf(node)
}

function spanOf({ offset, length }: Node): Span {
  return { start: offset, end: offset + length }
}

function repeatedKeys(node: Node): readonly ToolProblem[] {
  const inner = (node.children ?? []).flatMap(repeatedKeys)
  if (node.type !== 'object') return inner
  const seen = new Set<unknown>()
  const own = (node.children ?? []).flatMap((property): readonly ToolProblem[] => {
    const key = property.children?.[0]
    if (!key || !seen.has(key.value)) {
      seen.add(key?.value)
      return []
    }
    const message = `${JSON.stringify(key.value)} stands here twice: only the last one counts.`
    return [{ severity: 'warning', span: spanOf(key), message }]
  })
  return [...own, ...inner]
}
