import {
  autocompletion,
  snippet,
  startCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import { hoverTooltip, type EditorView, type Tooltip } from '@codemirror/view'
import { jsonLanguage } from './json-language-client.ts'
import type { JsonCompletion, JsonKind } from './json-language-protocol.ts'
import { toCodeMirrorSnippet } from './snippet.ts'

const HOVER_DELAY_MS = 350

/** Completion and documentation from the JSON language worker. */
export function jsonAssist(kind: JsonKind): Extension {
  return [
    autocompletion({ override: [(context) => complete(kind, context)], icons: false }),
    hoverTooltip((view, position) => hover(kind, { view, position }), {
      hoverTime: HOVER_DELAY_MS,
    }),
  ]
}

async function complete(
  kind: JsonKind,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  // Nothing pops up after a space or a brace unless it is asked for (Ctrl+Space).
  if (!context.explicit && !context.matchBefore(/["\w$-]/)) return null
  const offset = context.pos
  const text = context.state.doc.toString()
  const items = await jsonLanguage.ask({ type: 'complete', kind, text, offset })
  if (!items || items.length === 0 || context.aborted) return null
  const from = wordStart(text, offset)
  return {
    from,
    validFor: /^[\w$-]*$/,
    options: items.map((item, index) => option(item, { from, offset, rank: -index })),
  }
}

/** Where the typed part begins: after the quote, so that CodeMirror can match it with bare labels. */
function wordStart(text: string, offset: number): number {
  let start = offset
  while (start > 0 && /[\w$-]/.test(text.charAt(start - 1))) start -= 1
  return start
}

function option(
  item: JsonCompletion,
  at: { readonly from: number; readonly offset: number; readonly rank: number },
): Completion {
  const insert = snippet(toCodeMirrorSnippet(item.snippet))
  // What is replaced reaches beyond the typed part: the quotes around it, or the rest of the word.
  const before = Math.max(0, at.from - item.span.start)
  const after = Math.max(0, item.span.end - at.offset)
  return {
    label: unquoted(item.label),
    type: item.kind,
    boost: Math.max(-99, at.rank),
    ...(item.detail ? { detail: item.detail } : {}),
    ...(item.documentation ? { info: item.documentation } : {}),
    apply: (...[view, completion, from, to]) => {
      insert(view, completion, from - before, Math.min(to + after, view.state.doc.length))
      // A key whose value is left open: offer the values at once.
      if (/\$1,?$/.test(item.snippet)) startCompletion(view)
    },
  }
}

function unquoted(label: string): string {
  return /^".*"$/.test(label) ? label.slice(1, -1) : label
}

async function hover(
  kind: JsonKind,
  { view, position }: { readonly view: EditorView; readonly position: number },
): Promise<Tooltip | null> {
  const text = view.state.doc.toString()
  const found = await jsonLanguage.ask({ type: 'hover', kind, text, offset: position })
  if (!found || view.state.doc.toString() !== text) return null
  return {
    pos: found.span.start,
    end: found.span.end,
    above: true,
    create: () => {
      const dom = document.createElement('div')
      dom.className = 'cm-doc'
      dom.textContent = found.text
      return { dom }
    },
  }
}
