import { expect, it } from 'vitest'
import { formatById } from '../formats/all-formats.ts'
import { toChatMessages } from './openai-chat.ts'

it('a message has the fields of the API and no others', () => {
  const messages = toChatMessages({
    messages: [{ type: 'user', text: 'Weather?' }],
    systemPrompt: 'Be brief.',
    tools: [],
    formatOf: () => formatById('xlam'),
  })
  expect(messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather?' },
  ])
})
