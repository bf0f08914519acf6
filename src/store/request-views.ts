import type { Message } from '../core/chat/message.ts'
import type { CodeLanguage } from '../core/export/request-code.ts'
import type { BindInput } from '../session/bind-calls.ts'
import type { Machinery } from '../session/machinery.ts'
import { memoElements, memoFields } from './memo.ts'
import {
  messagesToSend,
  selectModelSettings,
  selectPromptPreview,
  selectPromptSettings,
} from './selectors.ts'
import type { AppState } from './state.ts'

// What goes with the next prompt, for the views that show it.

const boundMessages = memoElements<Message>()

const binding = memoFields(
  ({
    machinery,
    ...input
  }: Omit<BindInput, 'prompt'> &
    BindInput['prompt'] & { readonly machinery: Machinery }): ReturnType<
    Machinery['bindCalls']
  > => {
    const { rules, startsInReasoning, ...prompt } = input
    return machinery.bindCalls({ prompt, rules, startsInReasoning })
  },
)

/** What would hold the next answer to the tools; null without a model, or where the engine cannot. */
export function selectBinding(state: AppState): ReturnType<Machinery['bindCalls']> | null {
  const { machinery, capabilities, callRules } = state
  if (!machinery || !capabilities?.constraint) return null
  const { tools, format, chatTemplate } = selectPromptSettings(state, machinery)
  const startsInReasoning = selectPromptPreview(state)?.built?.startsInReasoning ?? false
  const messages = boundMessages(messagesToSend(state))
  return binding({
    machinery,
    tools,
    format,
    chatTemplate,
    messages,
    rules: callRules,
    startsInReasoning,
  })
}

/** The code that asks for the next answer elsewhere, with the conversation, tools and sampling as they are; null at the start. */
export function selectRequestCode(state: AppState, language: CodeLanguage): string | null {
  const { machinery, engineInfo, modelSource } = state
  if (!machinery || !engineInfo) return null
  const { sampling } = selectModelSettings(state)
  const prompt = { ...selectPromptSettings(state, machinery), messages: messagesToSend(state) }
  // Arguments cannot be held to their schemas that way; the other rules can.
  const rules = machinery.rulesInForce(state.callRules, prompt.messages)
  const request = machinery.chatRequestOf(prompt, sampling, rules)
  const isServer = modelSource?.type === 'endpoint'
  const baseUrl = isServer ? modelSource.baseUrl : LOCAL_SERVER
  const input = { ...request, baseUrl, model: engineInfo.modelName }
  return machinery.requestCode(input, language)
}

/** Where vLLM listens unless it is told otherwise. */
const LOCAL_SERVER = 'http://localhost:8000/v1'
