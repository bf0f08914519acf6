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
            order_id: { type: 'string', description: 'Order id, such as #W1234567' },
          },
          required: ['order_id'],
        },
      },
      cannedResults: [
        { when: { order_id: '#W2378156' }, content: '{"status": "shipped", "total": 59.9}' },
        { when: { order_id: '#W5199551' }, content: '{"status": "pending", "total": 24.5}' },
        { when: { order_id: '#W9990001' }, content: '{"error": "not found"}' },
        { when: {}, content: '{"status": "delivered", "total": 129.5}' },
      ],
    },
    {
      definition: {
        name: 'cancel_order',
        description: 'Cancel a pending order',
        parameters: {
          type: 'object',
          properties: {
            order_id: { type: 'string', description: 'Order id' },
            reason: {
              type: 'string',
              enum: ['no longer needed', 'ordered by mistake'],
              description: 'Why it is cancelled',
            },
          },
          required: ['order_id', 'reason'],
        },
      },
      cannedResults: [
        { when: { order_id: '#W2378156' }, content: '{"error": "not found"}' },
        { when: {}, content: '{"success": true, "total": 24.5}' },
      ],
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
      cannedResults: [
        { when: { email: 'anna@example.com' }, content: '{"name": "Anna Meyer", "status": "ok"}' },
        { when: {}, content: '{"error": "not found"}' },
      ],
    },
  ],
  examples: [
    { prompt: 'Where is my order #W2378156?', expects: 'call' },
    { prompt: 'Cancel order #W5199551, it was ordered by mistake', expects: 'call' },
    { prompt: 'Find the user with the email anna@example.com', expects: 'call' },
    { prompt: 'Get the details of orders #W2378156 and #W5199551', expects: 'parallel' },
    { prompt: 'I want to cancel my order', expects: 'clarification' },
    { prompt: 'Tell me a joke', expects: 'no-call' },
  ],
}
