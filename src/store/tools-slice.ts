import { findPreset } from '../core/tools/presets/all-presets.ts'
import { formatToolText } from '../core/tools/format-tool-text.ts'
import { splitDefinitions } from '../core/tools/split-definitions.ts'
import type { CannedResult, CannedResultId, ToolDocument, ToolId } from '../core/tools/tool.ts'
import type { StoreContext } from './context.ts'
import type { ToolsSlice } from './state.ts'

const NEW_TOOL = `{
  "name": "my_tool",
  "description": "What it does and when to use it",
  "parameters": {
    "type": "object",
    "properties": {
      "query": { "type": "string", "description": "What this argument means" }
    },
    "required": ["query"]
  }
}`

export function createToolsSlice(context: StoreContext): ToolsSlice {
  const { deps, get, set, notify, announce } = context

  function newDocument(text: string, cannedResults: readonly CannedResult[] = []): ToolDocument {
    return { id: deps.newId() as ToolId, text, enabled: true, cannedResults }
  }

  function change(id: ToolId, changes: Partial<ToolDocument>): void {
    const toolDocuments = get().toolDocuments.map((document) =>
      document.id === id ? { ...document, ...changes } : document,
    )
    set({ toolDocuments })
  }

  /** Puts documents behind `after`, or at the end. */
  function insert(documents: readonly ToolDocument[], after?: ToolId): void {
    const { toolDocuments } = get()
    const index = toolDocuments.findIndex(({ id }) => id === after)
    const at = index < 0 ? toolDocuments.length : index + 1
    set({ toolDocuments: toolDocuments.toSpliced(at, 0, ...documents) })
  }

  function add(documents: readonly ToolDocument[]): void {
    insert(documents)
    const [first] = documents
    if (first) set({ selectedToolId: first.id })
  }

  function find(id: ToolId): ToolDocument | undefined {
    return get().toolDocuments.find((document) => document.id === id)
  }

  return {
    toolDocuments: [],
    selectedToolId: null,
    presetId: null,
    selectTool: (selectedToolId) => set({ selectedToolId }),
    addTool: (text = NEW_TOOL) => add([newDocument(text)]),
    importTools(text) {
      const texts = splitDefinitions(text)
      add((texts ?? [text]).map((one) => newDocument(one)))
      announce(texts && texts.length !== 1 ? `${texts.length} tools added` : 'Tool added')
    },
    editToolText(id, text) {
      if (find(id)?.text !== text) change(id, { text })
    },
    splitTool(id) {
      const document = find(id)
      const texts = document && splitDefinitions(document.text)
      if (!document || !texts || texts.length < 2) return
      const parts = texts.map((text) => ({
        ...newDocument(text, copyCanned(document.cannedResults)),
        enabled: document.enabled,
      }))
      insert(parts, id)
      set({
        toolDocuments: get().toolDocuments.filter((other) => other.id !== id),
        selectedToolId: parts[0]?.id ?? null,
      })
      announce(`Split into ${parts.length} tools`)
    },
    setToolEnabled: (id, enabled) => change(id, { enabled }),
    duplicateTool(id) {
      const document = find(id)
      if (!document) return
      const copy = {
        ...document,
        id: deps.newId() as ToolId,
        cannedResults: copyCanned(document.cannedResults),
      }
      insert([copy], id)
      set({ selectedToolId: copy.id })
    },
    moveTool(id, toIndex) {
      const document = find(id)
      if (!document) return
      const others = get().toolDocuments.filter((other) => other.id !== id)
      set({ toolDocuments: others.toSpliced(Math.max(0, toIndex), 0, document) })
    },
    deleteTool(id) {
      const document = find(id)
      if (!document) return
      const { toolDocuments, selectedToolId } = get()
      const index = toolDocuments.indexOf(document)
      const others = toolDocuments.filter((other) => other !== document)
      const neighbor = others[index] ?? others[index - 1] ?? null
      set({
        toolDocuments: others,
        selectedToolId: selectedToolId === id ? (neighbor?.id ?? null) : selectedToolId,
      })
      notify({ tone: 'info', title: 'Tool deleted', advice: titleOf(document) }, () => {
        if (find(id)) return
        set({
          toolDocuments: get().toolDocuments.toSpliced(index, 0, document),
          selectedToolId: id,
        })
      })
    },
    setCannedResults: (id, cannedResults) => change(id, { cannedResults }),
    applyPreset(presetId) {
      const preset = findPreset(presetId)
      if (!preset) return
      const { toolDocuments, selectedToolId, presetId: previousId, systemPrompt } = get()
      const documents = preset.tools.map(({ definition, cannedResults }) =>
        newDocument(formatToolText(definition), copyCanned(cannedResults)),
      )
      set({
        toolDocuments: documents,
        selectedToolId: null,
        presetId,
        systemPrompt: preset.systemPrompt ?? systemPrompt,
      })
      startFresh()
      const undo = () => {
        // What was changed since is not part of what is undone.
        const isUntouched = get().systemPrompt === (preset.systemPrompt ?? systemPrompt)
        const ids = new Set(documents.map(({ id }) => id))
        const added = get().toolDocuments.filter((document) => !ids.has(document.id))
        set({
          toolDocuments: [...toolDocuments, ...added],
          selectedToolId,
          presetId: previousId,
          ...(isUntouched && { systemPrompt }),
        })
      }
      if (toolDocuments.length === 0) announce(`Preset ${preset.title}`)
      else
        notify(
          { tone: 'info', title: `Tools replaced by ${preset.title}`, advice: REPLACED_ADVICE },
          undo,
        )
    },
  }

  /** A question that nobody has answered belongs to the tools of before. */
  function startFresh(): void {
    const { transcript, newConversation } = get()
    const isAnswered = [...transcript.nodes.values()].some(
      ({ message }) => message.type === 'assistant',
    )
    if (!isAnswered) newConversation()
  }

  function copyCanned(results: readonly Omit<CannedResult, 'id'>[]): readonly CannedResult[] {
    return results.map(({ when, content }) => ({
      id: deps.newId() as CannedResultId,
      when,
      content,
    }))
  }
}

const REPLACED_ADVICE = 'The conversation stays as it is. Undo brings the old tools back.'

/** The name, if one can be found in whatever stands there. */
function titleOf({ text }: ToolDocument): string {
  return /"name"\s*:\s*"([^"]{1,64})"/.exec(text)?.[1] ?? 'A tool without a name'
}
