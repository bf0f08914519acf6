import { ArrowLeft, ChevronDown, CircleCheck, WandSparkles, X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useId, useRef, useState, type ReactNode, type RefObject } from 'react'
import type { ToolId, ToolNotation } from '../../core/tools/tool.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { CopyButton } from '../kit/copy-button.tsx'
import type { CodeEditorHandle } from '../kit/editor/code-editor.tsx'
import { JsonEditor } from '../kit/editor/json-editor.tsx'
import { useSchemaProblems } from '../kit/editor/use-schema-problems.ts'
import { Menu } from '../kit/menu.tsx'
import { useAppStore } from '../use-app-store.ts'
import { CannedResults } from './canned-results.tsx'
import { mergeProblems } from './merge-problems.ts'
import { ProblemList } from './problem-list.tsx'
import { inNotation, type ToolView } from './tool-view.ts'
import { useToolView } from './use-tool-view.ts'

/** The editor of one tool document. */
export function ToolDetail(props: {
  readonly id: ToolId
  readonly closeLabel: string
  /** On a phone: nothing else tells which tool this is. */
  readonly isFullPane: boolean
  readonly onClose: () => void
}) {
  const view = useToolView(props.id)
  const editor = useRef<CodeEditorHandle>(null)
  const [tab, setTab] = useState('definition')
  if (!view) return null
  const { document } = view
  return (
    <Tabs.Root value={tab} onValueChange={setTab} className="flex h-full min-h-0 flex-col">
      <div className="@container flex h-10 shrink-0 items-center gap-0.5 border-b border-line pr-1.5 pl-3">
        {props.isFullPane && (
          <IconButton label={props.closeLabel} className="-ml-2" onClick={props.onClose}>
            <ArrowLeft />
          </IconButton>
        )}
        {!props.isFullPane && <h3 className="sr-only">{view.title}</h3>}
        <Tabs.List aria-label="What to edit" className="flex h-full flex-1 gap-3">
          <Tab value="definition">Definition</Tab>
          <Tab value="canned">
            <span className="@max-[18rem]:sr-only">Canned </span>results
            {document.cannedResults.length > 0 && (
              <span className="ml-1 text-ink-muted tabular-nums">
                {document.cannedResults.length}
              </span>
            )}
          </Tab>
        </Tabs.List>
        {tab === 'definition' && (
          <>
            <IconButton
              size="sm"
              label="Prettify"
              shortcut="Shift Alt F"
              onClick={() => void editor.current?.format()}
            >
              <WandSparkles />
            </IconButton>
            <CopyButton label="Copy the definition" text={() => document.text} />
          </>
        )}
        {!props.isFullPane && (
          <IconButton size="sm" label={props.closeLabel} onClick={props.onClose}>
            <X />
          </IconButton>
        )}
      </div>
      {props.isFullPane && (
        <h2 className="truncate border-b border-line px-3 py-1.5 font-mono text-[13px] font-semibold">
          {view.title}
        </h2>
      )}
      <Tabs.Content value="definition" tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
        <Definition key={document.id} view={view} editor={editor} />
      </Tabs.Content>
      <Tabs.Content value="canned" tabIndex={-1} className="min-h-0 flex-1">
        <CannedResults
          key={document.id}
          toolId={document.id}
          parameters={view.parameterSchemas}
          results={document.cannedResults}
        />
      </Tabs.Content>
    </Tabs.Root>
  )
}

function Tab(props: { readonly value: string; readonly children: ReactNode }) {
  return (
    <Tabs.Trigger
      value={props.value}
      className="-mb-px border-b-2 border-transparent text-xs font-medium whitespace-nowrap text-ink-muted first-letter:uppercase hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
    >
      {props.children}
    </Tabs.Trigger>
  )
}

function Definition(props: {
  readonly view: ToolView
  readonly editor: RefObject<CodeEditorHandle | null>
}) {
  const { document, title } = props.view
  const editText = useAppStore((state) => state.editToolText)
  const schemaProblems = useSchemaProblems(document.text, 'tool')
  const problems = mergeProblems(props.view.problems, schemaProblems)
  const hintId = useId()
  return (
    <>
      <div className="min-h-0 flex-1">
        <JsonEditor
          label={`Definition of ${title}`}
          kind="tool"
          lineNumbers
          value={document.text}
          problems={problems}
          describedBy={hintId}
          placeholder="A tool definition in JSON, or an array of them"
          onChange={(text) => editText(document.id, text)}
          handleRef={props.editor}
        />
      </div>
      <p id={hintId} className="sr-only">
        Control and Space offers completions. Escape, then Tab, leaves the editor.
      </p>
      <ProblemList
        text={document.text}
        problems={problems}
        onSelect={(problem) => props.editor.current?.goTo(problem.span.start)}
      />
      <div className="flex h-8 shrink-0 items-center justify-between gap-2 border-t border-line pr-1.5 pl-3 text-xs">
        <ProblemCount count={problems.length} isEmpty={document.text.trim() === ''} />
        <NotationMenu view={props.view} onText={(text) => editText(document.id, text)} />
      </div>
    </>
  )
}

function ProblemCount({ count, isEmpty }: { readonly count: number; readonly isEmpty: boolean }) {
  if (isEmpty) return <span className="text-ink-muted">Ctrl+Space offers templates</span>
  if (count > 0) {
    return <span className="text-ink-muted">{count === 1 ? '1 problem' : `${count} problems`}</span>
  }
  return (
    <span className="flex items-center gap-1 text-good">
      <CircleCheck className="size-3.5" />
      No problems
    </span>
  )
}

const NOTATIONS: readonly {
  readonly id: ToolNotation
  readonly name: string
  readonly shape: string
}[] = [
  { id: 'openai', name: 'OpenAI', shape: '{type: "function", function: {…}}' },
  { id: 'bare', name: 'Bare', shape: '{name, description, parameters}' },
  { id: 'anthropic', name: 'Anthropic', shape: '{name, description, input_schema}' },
  { id: 'mcp', name: 'MCP', shape: '{name, description, inputSchema}' },
]

/** Shows how the definition is written and rewrites it another way. */
function NotationMenu(props: { readonly view: ToolView; readonly onText: (text: string) => void }) {
  const { notation } = props.view
  const name = NOTATIONS.find(({ id }) => id === notation)?.name ?? 'Notation'
  return (
    <Menu
      align="end"
      trigger={(triggerProps) => (
        <Button
          size="sm"
          tone="ghost"
          disabled={props.view.tools.length === 0}
          aria-label={`Notation: ${name}`}
          {...triggerProps}
        >
          {name}
          <ChevronDown />
        </Button>
      )}
      entries={[
        { type: 'label', text: 'Rewrite the definition as' },
        ...NOTATIONS.map(
          ({ id, name: text, shape }) =>
            ({
              type: 'item',
              text,
              hint: shape,
              onSelect: () => props.onText(inNotation(props.view, id)),
            }) as const,
        ),
      ]}
    />
  )
}
