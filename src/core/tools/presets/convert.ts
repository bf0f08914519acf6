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
          when: { from_currency: 'EUR', to_currency: 'USD' },
          content: '{"result": 108.5, "rate": 1.085}',
        },
        { when: {}, content: '{"result": 92.0, "rate": 0.92}' },
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
      cannedResults: [{ when: {}, content: '{"result": 16.09}' }],
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
      cannedResults: [{ when: {}, content: '{"result": 84}' }],
    },
  ],
  examples: [
    { prompt: 'Convert 100 EUR to USD', expects: 'call' },
    { prompt: 'How many kilometers are 10 miles?', expects: 'call' },
    { prompt: 'Convert 100 EUR to USD and 50 USD to JPY', expects: 'parallel' },
    { prompt: 'Convert 20 dollars', expects: 'clarification' },
    { prompt: 'Who are you?', expects: 'no-call' },
  ],
}
