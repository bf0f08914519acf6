import type { AssistantMessage, ToolResult } from '../core/chat/message.ts'
import type { ParsedCall, ParsedOutput } from '../core/formats/parsed-output.ts'
import type { CallIssue } from '../core/schema/call-issue.ts'
import { chooseCannedResult } from '../core/tools/canned-result.ts'
import type { CannedResult, Tool, ToolCall, ToolId } from '../core/tools/tool.ts'
import type { Machinery } from '../session/machinery.ts'
import { memoFieldsBy } from './memo.ts'

/** A tool that the model may call, with the document it comes from. */
export type EnabledTool = {
  readonly tool: Tool
  readonly documentId: ToolId
  readonly cannedResults: readonly CannedResult[]
}

export type CallStatus = 'writing' | 'waiting' | 'done' | 'invalid' | 'malformed' | 'cut-off'

/** A call with everything that is known of it. */
export type CallView = {
  readonly call: ParsedCall
  readonly status: CallStatus
  /** Its tool as it is now; null when there is none of that name. */
  readonly tool: Tool | null
  readonly issues: readonly CallIssue[]
  /** On the branch that is shown, else on the newest one. */
  readonly result: ToolResult | null
  /** The stored result that fits the arguments. */
  readonly canned: CannedResult | null
  /** All stored results of the tool. */
  readonly cannedResults: readonly CannedResult[]
}

const NO_ISSUES: readonly CallIssue[] = []
const NO_CANNED: readonly CannedResult[] = []

export type CallInput = {
  /** Null until it is there: calls are then not checked yet. */
  readonly validateCall: Machinery['validateCall'] | null
  readonly output: ParsedOutput
  readonly tools: readonly EnabledTool[]
  readonly results: readonly ToolResult[] | null
}

/** The views of the calls of an answer, in order. Views of calls that did not change stay the same objects. */
export const callViews: (message: AssistantMessage, input: CallInput) => readonly CallView[] =
  memoFieldsBy((_message, { output, tools, results, validateCall }) => {
    let completeCount = 0
    return output.calls.map((call) => {
      // Results are given for the calls that can be read.
      const result = isComplete(call) ? (results?.[completeCount++] ?? null) : null
      return viewOf(call, { tools, result, validateCall })
    })
  })

type ViewInput = Pick<CallInput, 'tools' | 'validateCall'> & { readonly result: ToolResult | null }

const viewOf = memoFieldsBy(
  (call: ParsedCall, { tools, result, validateCall }: ViewInput): CallView => {
    const enabled = tools.find(({ tool }) => tool.name === call.name) ?? null
    const known = toolCallOf(call)
    const issues = known ? issuesOf(call, { tools, validateCall }) : NO_ISSUES
    return {
      call,
      status: statusOf(call, issues, result),
      tool: enabled?.tool ?? null,
      issues,
      result,
      canned: known && enabled ? chooseCannedResult(enabled.cannedResults, known.arguments) : null,
      cannedResults: enabled?.cannedResults ?? NO_CANNED,
    }
  },
)

const issuesOf = memoFieldsBy(
  (
    call: ParsedCall,
    { tools, validateCall }: Pick<CallInput, 'tools' | 'validateCall'>,
  ): readonly CallIssue[] => {
    const known = toolCallOf(call)
    return known && validateCall
      ? validateCall(
          known,
          tools.map(({ tool }) => tool),
        )
      : NO_ISSUES
  },
)

/** What the model meant, when the call can be read. */
export function toolCallOf({ name, state }: ParsedCall): ToolCall | null {
  return name !== null && state.type === 'complete' ? { name, arguments: state.arguments } : null
}

function isComplete(call: ParsedCall): boolean {
  return toolCallOf(call) !== null
}

/** An invalid call stays that, whatever result it was given. */
function statusOf(
  { state }: ParsedCall,
  issues: readonly CallIssue[],
  result: ToolResult | null,
): CallStatus {
  if (state.type !== 'complete') return state.type
  if (issues.some(({ severity }) => severity === 'error')) return 'invalid'
  return result ? 'done' : 'waiting'
}
