import {
  EMPTY_TRANSCRIPT,
  showBranch,
  type ConversationId,
  type NodeId,
  type TranscriptNode,
} from '../core/chat/transcript.ts'
import type { AssistantMessage, ToolResult } from '../core/chat/message.ts'
import type { TokenAlternative } from '../core/chat/token-info.ts'
import type { FormatId } from '../core/formats/format.ts'
import { createChatRunner } from './chat-run.ts'
import type { StoreContext } from './context.ts'
import { changedAnswer, editArgument, type ArgumentChange } from './edit-argument.ts'
import { createNodeFactory } from './node-factory.ts'
import { waitingText } from './run-words.ts'
import { selectDiagnosis, selectEnabledTools, selectOutput } from './selectors.ts'
import type { AppState, ChatSlice } from './state.ts'

export function createChatSlice(context: StoreContext): ChatSlice {
  const { deps, get, set, notify, announce, conversations } = context
  const nodes = createNodeFactory(context)
  const runner = createChatRunner(context, nodes)
  /** The latest conversation that was asked for: an older one that arrives later is dropped. */
  let wantedId: ConversationId | null = null

  function nodeOf(id: NodeId) {
    return get().transcript.nodes.get(id)
  }

  async function ask(text: string, parentId: NodeId | null): Promise<void> {
    runner.stop()
    const id = deps.newId() as NodeId
    nodes.add({ id, parentId, message: { type: 'user', text } })
    await runner.start(id)
  }

  async function regenerate(answerId: NodeId): Promise<void> {
    const node = nodeOf(answerId)
    if (node?.message.type === 'assistant' && node.parentId !== null)
      await runner.start(node.parentId)
  }

  async function continueFrom(
    answerId: NodeId,
    tokenIndex: number,
    choice: TokenAlternative,
  ): Promise<void> {
    const node = nodeOf(answerId)
    if (node?.message.type !== 'assistant' || node.parentId === null) return
    const { tokens = [], raw, prompt, startsInReasoning } = node.message
    const token = tokens[tokenIndex]
    if (!token) return
    set({ inspectedAnswerId: null })
    await runner.start(node.parentId, {
      prompt,
      startsInReasoning,
      raw: raw.slice(0, token.at) + choice.text,
      tokens: [...tokens.slice(0, tokenIndex), { ...token, ...choice }],
    })
  }

  async function submitResults(answerId: NodeId, results: readonly ToolResult[]): Promise<void> {
    if (nodeOf(answerId)?.message.type !== 'assistant') return
    runner.stop()
    const id = deps.newId() as NodeId
    nodes.add({ id, parentId: answerId, message: { type: 'tool-results', results } })
    const drafts = Object.entries(get().resultDrafts).filter(
      ([key]) => !key.startsWith(`${answerId}:`),
    )
    // What comes next is to be seen.
    set({ resultDrafts: Object.fromEntries(drafts), inspectedAnswerId: null })
    await runner.start(id)
  }

  function changeArgument(answerId: NodeId, callIndex: number, change: ArgumentChange): void {
    const node = nodeOf(answerId)
    if (node?.message.type !== 'assistant' || node.message.end.type === 'streaming') return
    const call = selectOutput(get(), answerId).calls[callIndex]
    const { machinery } = get()
    if (!call || !machinery) return
    const tool = selectEnabledTools(get()).find(({ tool: { name } }) => name === call.name)?.tool
    const message = editArgument({ message: node.message, call }, change, {
      machinery,
      parameters: tool?.parameters ?? null,
    })
    if (!message) return
    const id = replaceAnswer(node, message)
    announce(`Argument changed. ${waitingText(selectOutput(get(), id))}`)
  }

  function takeRepair(answerId: NodeId): void {
    const node = nodeOf(answerId)
    const repair = selectDiagnosis(get(), answerId)?.repair
    if (node?.message.type !== 'assistant' || !repair) return
    const id = replaceAnswer(
      node,
      changedAnswer(node.message, { raw: repair.raw, origin: 'repaired' }),
    )
    announce(`Answer repaired. ${waitingText(selectOutput(get(), id))}`)
  }

  /** The text stays what it is; only how it is read changes, for a branch with this answer and for those to come. */
  function readAs(answerId: NodeId, format: FormatId): void {
    const node = nodeOf(answerId)
    if (node?.message.type !== 'assistant' || node.message.end.type === 'streaming') return
    const id = replaceAnswer(node, { ...node.message, format })
    get().changeModelSettings({ format })
    announce(`Read in another format. ${waitingText(selectOutput(get(), id))}`)
  }

  /** Puts a changed answer beside the one that it comes from, as a branch of its own. */
  function replaceAnswer(node: TranscriptNode, message: AssistantMessage): NodeId {
    runner.stop()
    const id = deps.newId() as NodeId
    nodes.add({ id, parentId: node.parentId, message })
    const { inspectedAnswerId } = get()
    // Who looks at the answer that was edited goes on looking at its successor.
    set({
      pointedAt: null,
      inspectedAnswerId: inspectedAnswerId === node.id ? id : inspectedAnswerId,
    })
    return id
  }

  function show(
    conversation: Pick<AppState, 'conversationId' | 'transcript' | 'systemPrompt'>,
  ): void {
    runner.stop()
    set({
      ...conversation,
      turnFailure: null,
      liveOutput: null,
      inspectedAnswerId: null,
      pointedAt: null,
    })
  }

  function newConversation(): void {
    wantedId = null
    if (get().transcript.nodes.size === 0) return
    const conversationId = deps.newId() as ConversationId
    show({ conversationId, transcript: EMPTY_TRANSCRIPT, systemPrompt: get().systemPrompt })
    announce('New conversation')
  }

  async function openConversation(id: ConversationId): Promise<void> {
    if (id === get().conversationId) return
    wantedId = id
    const conversation = await conversations.read(id)
    if (wantedId !== id) return
    wantedId = null
    if (!conversation) {
      notify({
        tone: 'warning',
        title: 'This conversation is not there any more',
        advice: 'It may have been deleted in another tab.',
      })
      return
    }
    const { record, transcript } = conversation
    show({ conversationId: id, transcript, systemPrompt: record.systemPrompt })
    announce(`Conversation opened: ${record.title}`)
  }

  async function deleteConversation(id: ConversationId): Promise<void> {
    const title = get().conversations.find((conversation) => conversation.id === id)?.title ?? ''
    const wasShown = id === get().conversationId
    if (wasShown) newConversation()
    const restore = await conversations.remove(id)
    if (!restore) return
    const undo = async () => {
      await restore()
      if (wasShown && get().transcript.nodes.size === 0) await openConversation(id)
    }
    notify({ tone: 'info', title: 'Conversation deleted', advice: title }, () => void undo())
  }

  return {
    conversations: [],
    conversationId: deps.newId() as ConversationId,
    transcript: EMPTY_TRANSCRIPT,
    systemPrompt: '',
    composerText: '',
    turn: { type: 'idle' },
    turnFailure: null,
    resultDrafts: {},
    setComposerText: (composerText) => set({ composerText }),
    setSystemPrompt: (systemPrompt) => set({ systemPrompt }),
    async send(text) {
      if (text.trim() === '') return
      set({ composerText: '', inspectedAnswerId: null })
      await ask(text, get().transcript.leafId)
    },
    stop: runner.stop,
    regenerate,
    continueFrom,
    async editUserMessage(id, text) {
      const node = nodeOf(id)
      if (node?.message.type === 'user' && text.trim() !== '') await ask(text, node.parentId)
    },
    showBranch: (id) => set({ transcript: showBranch(get().transcript, id), pointedAt: null }),
    setResultDraft: (answerId, callIndex, content) =>
      set({ resultDrafts: { ...get().resultDrafts, [`${answerId}:${callIndex}`]: content } }),
    submitResults,
    editArgument: changeArgument,
    takeRepair,
    readAs,
    newConversation,
    openConversation,
    deleteConversation,
  }
}
