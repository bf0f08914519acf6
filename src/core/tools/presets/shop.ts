import type { Preset } from './preset.ts'

export const SHOP: Preset = {
  id: 'shop',
  title: 'Shop',
  description: 'Customer service: look up, then act on what was found.',
  tools: [
    {
      definition: {
        name: 'get_order_details',
        description: 'Get the details of an order',
        parameters: {
          type: 'object',
          properties: {
            order_id: { type: 'string', description: 'Order number, such as W1234567' },
          },
          required: ['order_id'],
        },
      },
      cannedResults: [
        {
          when: { order_id: '#W7654321' },
          content: '{"order_id": "#W7654321", "status": "delivered", "total": 89.5}',
        },
        { when: {}, content: '{"status": "pending", "items": 2, "total": 42.0}' },
      ],
    },
    {
      definition: {
        name: 'cancel_order',
        description: 'Cancel a pending order',
        parameters: {
          type: 'object',
          properties: {
            order_id: { type: 'string', description: 'Order number' },
            reason: {
              type: 'string',
              enum: ['no longer needed', 'ordered by mistake'],
              description: 'Why it is cancelled',
            },
          },
          required: ['order_id', 'reason'],
        },
      },
      cannedResults: [{ when: {}, content: '{"status": "cancelled"}' }],
    },
    {
      definition: {
        name: 'find_user_by_email',
        description: 'Find a user by email address',
        parameters: {
          type: 'object',
          properties: { email: { type: 'string', format: 'email', description: 'Email address' } },
          required: ['email'],
        },
      },
      cannedResults: [{ when: {}, content: '{"user_id": "ada_lovelace_1815"}' }],
    },
  ],
  examples: [
    { prompt: 'Where is my order W1234567?', expects: 'call' },
    { prompt: 'Cancel order W1234567, I ordered it by mistake', expects: 'call' },
    { prompt: 'Find the user with the email ada@example.com', expects: 'call' },
    { prompt: 'Get the details of orders W1234567 and W7654321', expects: 'parallel' },
    { prompt: 'I want to cancel my order', expects: 'clarification' },
    { prompt: 'Thanks, bye!', expects: 'no-call' },
  ],
}
