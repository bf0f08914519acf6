import type { Preset } from './preset.ts'

export const CONVERT: Preset = {
  id: 'convert',
  title: 'Convert',
  description: 'Currencies, units and sums: numbers must be numbers.',
  tools: [
    {
      definition: {
        name: 'convert_currency',
        description: 'Convert an amount of money to another currency',
        parameters: {
          type: 'object',
          properties: {
            amount: { type: 'number', description: 'Amount of money' },
            from_currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'Such as EUR' },
            to_currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'Such as USD' },
          },
          required: ['amount', 'from_currency', 'to_currency'],
        },
      },
      cannedResults: [
        {
          when: { amount: 100, from_currency: 'EUR', to_currency: 'USD' },
          content: '{"result": 108.5}',
        },
        {
          when: { amount: 50, from_currency: 'USD', to_currency: 'JPY' },
          content: '{"result": 7680}',
        },
        {
          when: { amount: 250, from_currency: 'USD', to_currency: 'EUR' },
          content: '{"result": 230.41}',
        },
        { when: {}, content: '{"error": "no canned result"}' },
      ],
    },
    {
      definition: {
        name: 'convert_units',
        description: 'Convert a value from one unit to another',
        parameters: {
          type: 'object',
          properties: {
            value: { type: 'number', description: 'The number to convert' },
            from_unit: { type: 'string', description: 'Such as miles' },
            to_unit: { type: 'string', description: 'Such as kilometers' },
          },
          required: ['value', 'from_unit', 'to_unit'],
        },
      },
      cannedResults: [
        {
          when: { value: 10, from_unit: 'miles', to_unit: 'kilometers' },
          content: '{"result": 16.09}',
        },
        {
          when: { value: 20, from_unit: 'celsius', to_unit: 'fahrenheit' },
          content: '{"result": 68}',
        },
        { when: {}, content: '{"error": "no canned result"}' },
      ],
    },
    {
      definition: {
        name: 'calculate',
        description: 'Calculate a mathematical expression',
        parameters: {
          type: 'object',
          properties: { expression: { type: 'string', description: 'Such as 12 * 7' } },
          required: ['expression'],
        },
      },
      cannedResults: [
        { when: { expression: '12 * 7 + 3' }, content: '{"result": 87}' },
        { when: {}, content: '{"error": "no canned result"}' },
      ],
    },
  ],
  examples: [
    { prompt: 'Convert 100 EUR to USD', expects: 'call' },
    { prompt: 'How many kilometers are 10 miles?', expects: 'call' },
    { prompt: 'What is 12 * 7 + 3?', expects: 'call' },
    { prompt: 'Convert 100 EUR to USD and 50 USD to JPY', expects: 'parallel' },
    { prompt: 'Convert some money', expects: 'clarification' },
    { prompt: 'Who are you?', expects: 'no-call' },
  ],
}
