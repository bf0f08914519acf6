import { ArrowDown, ArrowUp, MessageSquareReply, Plus, Trash2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { JsonObject } from '../../core/lib/json.ts'
import type { CannedResult, CannedResultId, ToolId } from '../../core/tools/tool.ts'
import { Button, IconButton } from '../kit/button.tsx'
import { classNames } from '../kit/class-names.ts'
import { EmptyState } from '../kit/empty-state.tsx'
import { INPUT_CLASS } from '../kit/field.tsx'
import { useAppStore } from '../use-app-store.ts'
import { ConditionRows } from './condition-rows.tsx'
import { contentKind } from './content-kind.ts'

/** The stored answers of a tool: when each is used, and what it says. */
export function CannedResults(props: {
  readonly toolId: ToolId
  /** The schemas of the parameters, by name. */
  readonly parameters: JsonObject
  readonly results: readonly CannedResult[]
}) {
  const { toolId, results } = props
  const save = useAppStore((state) => state.setCannedResults)
  const list = useRef<HTMLOListElement>(null)
  const added = useRef<CannedResultId | null>(null)
  useEffect(() => {
    if (added.current === null) return
    list.current?.querySelector<HTMLElement>(`[data-result="${added.current}"] textarea`)?.focus()
    added.current = null
  })

  function add() {
    const id = freshId(results)
    added.current = id
    save(toolId, [...results, { id, when: {}, content: '' }])
  }
  function change(next: CannedResult) {
    save(
      toolId,
      results.map((result) => (result.id === next.id ? next : result)),
    )
  }
  function move(index: number, to: number) {
    const moved = results[index]
    if (moved) save(toolId, results.toSpliced(index, 1).toSpliced(to, 0, moved))
  }

  if (results.length === 0) {
    return (
      <div className="flex h-full overflow-y-auto">
        <EmptyState icon={<MessageSquareReply />} title="No canned results">
          <p className="mb-3">
            A canned result answers a call of this tool without running anything: chosen by hand in
            the chat, or fed back by itself in automatic mode.
          </p>
          <Button onClick={add}>
            <Plus />
            Add a result
          </Button>
        </EmptyState>
      </div>
    )
  }
  return (
    <div className="h-full overflow-y-auto px-3 py-2">
      <p className="mb-2 text-xs text-ink-muted">
        A result is used when every condition matches the call. When several match, the one with the
        most conditions wins; among equals, the first.
      </p>
      <ol ref={list} className="grid gap-3">
        {results.map((result, index) => (
          <li
            key={result.id}
            data-result={result.id}
            aria-label={`Result ${index + 1}`}
            className="grid gap-2 border-t border-line pt-2"
          >
            <div className="flex items-center gap-1">
              <span className="flex-1 text-xs font-medium">Result {index + 1}</span>
              <IconButton
                size="sm"
                label={`Move result ${index + 1} up`}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              >
                <ArrowUp />
              </IconButton>
              <IconButton
                size="sm"
                label={`Move result ${index + 1} down`}
                disabled={index === results.length - 1}
                onClick={() => move(index, index + 1)}
              >
                <ArrowDown />
              </IconButton>
              <IconButton
                size="sm"
                label={`Remove result ${index + 1}`}
                onClick={() => save(toolId, results.toSpliced(index, 1))}
              >
                <Trash2 />
              </IconButton>
            </div>
            <ConditionRows
              number={index + 1}
              conditions={result.when}
              parameters={props.parameters}
              onChange={(when) => change({ ...result, when })}
            />
            <ResultText
              number={index + 1}
              content={result.content}
              onChange={(content) => change({ ...result, content })}
            />
          </li>
        ))}
      </ol>
      <Button size="sm" className="mt-3" onClick={add}>
        <Plus />
        Add a result
      </Button>
    </div>
  )
}

function ResultText(props: {
  readonly number: number
  readonly content: string
  readonly onChange: (content: string) => void
}) {
  const kind = contentKind(props.content)
  return (
    <div className="grid gap-1">
      <textarea
        aria-label={`Content of result ${props.number}`}
        rows={3}
        spellCheck={false}
        placeholder='{"temperature": 21} or plain text'
        value={props.content}
        onChange={(event) => props.onChange(event.target.value)}
        className={classNames(
          INPUT_CLASS,
          'field-sizing-content max-h-64 min-h-14 font-mono text-xs',
        )}
      />
      <p className={classNames('text-2xs', kind.isSuspect ? 'text-warn' : 'text-ink-muted')}>
        {kind.label}
      </p>
    </div>
  )
}

/** Unique among the tool's results, which is all that an id must be. */
function freshId(results: readonly CannedResult[]): CannedResultId {
  const taken = new Set<string>(results.map((result) => result.id))
  let number = results.length + 1
  while (taken.has(`result-${number}`)) number += 1
  return `result-${number}` as CannedResultId
}
