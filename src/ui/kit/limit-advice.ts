import type { AnswerEnd } from '../../core/chat/message.ts'

type Limit = Extract<AnswerEnd, { type: 'length' }>['limit']

/** Why an answer was cut off, and what to do. */
export const LIMIT_ADVICE: Readonly<Record<Limit, string>> = {
  'max-tokens': 'Reached the max tokens limit: raise it in the settings and answer again.',
  context:
    'The context is full: raise the context length in the settings, switch tools off or start a new chat.',
}
