import { isJsonObject, type JsonObject, type JsonValue } from '../lib/json.ts'
import type { Tool, ToolCall } from '../tools/tool.ts'
import type { CallIssue } from './call-issue.ts'
import { nearest } from './nearest.ts'
import { surplusKeys } from './surplus-keys.ts'
import { validateValue } from './validate-value.ts'
import { namedValue } from './value-text.ts'

/**
 * What is wrong with a call: its name, then its arguments against the JSON Schema of the tool.
 *
 * No issue of severity `error` means that the call is valid. Never throws.
 */
export function validateCall(call: ToolCall, tools: readonly Tool[]): readonly CallIssue[] {
  const tool = tools.find(({ name }) => name === call.name)
  if (!tool) return [unknownTool(call.name, tools)]
  if (!isJsonObject(call.arguments)) {
    const message = `The arguments must be an object, not ${namedValue(call.arguments)}.`
    return [{ kind: 'not-an-object', severity: 'error', path: '', message }]
  }
  const issues = validateValue(tool.parameters, call.arguments)
  const known = new Set(issues.map(({ path }) => path))
  const surplus = surplusOf(tool.parameters, call.arguments).filter(({ path }) => !known.has(path))
  return [...issues, ...surplus]
}

function surplusOf(parameters: JsonObject, value: JsonValue): readonly CallIssue[] {
  try {
    return surplusKeys(parameters, value)
  } catch (error) {
    // Only arguments nested thousands deep get here, and the check itself has said so.
    if (error instanceof RangeError) return []
    throw error
  }
}

function unknownTool(name: string, tools: readonly Tool[]): CallIssue {
  const issue = { kind: 'unknown-tool', severity: 'error', path: '' } as const
  if (tools.length === 0) {
    return {
      ...issue,
      message: `There is no tool ${JSON.stringify(name)}: no tool is switched on.`,
    }
  }
  const suggestion = nearest(
    name,
    tools.map((tool) => tool.name),
  )
  const message = `There is no tool named ${JSON.stringify(name)}.`
  return suggestion === undefined ? { ...issue, message } : { ...issue, message, suggestion }
}
