import type { Preset } from './preset.ts'

export const WEATHER: Preset = {
  id: 'weather',
  title: 'Weather',
  description: 'One tool, two parameters: where to begin.',
  tools: [
    {
      definition: {
        name: 'get_weather',
        description: 'Get the current weather for a location',
        parameters: {
          type: 'object',
          properties: {
            location: { type: 'string', description: 'City, such as Paris' },
            unit: {
              type: 'string',
              enum: ['celsius', 'fahrenheit'],
              description: 'Unit of the temperature',
            },
          },
          required: ['location'],
        },
      },
      cannedResults: [
        {
          when: { location: 'Boston', unit: 'fahrenheit' },
          content: '{"temperature": 64, "condition": "cloudy"}',
        },
        {
          when: { unit: 'fahrenheit' },
          content: '{"temperature": 72, "condition": "sunny"}',
        },
        {
          when: { location: 'Oslo' },
          content: '{"temperature": 4, "unit": "celsius", "condition": "snow"}',
        },
        {
          when: { location: 'Madrid' },
          content: '{"temperature": 21, "unit": "celsius", "condition": "sunny"}',
        },
        {
          when: {},
          content: '{"temperature": 18, "unit": "celsius", "condition": "cloudy"}',
        },
      ],
    },
  ],
  examples: [
    { prompt: 'What is the weather in Paris?', expects: 'call' },
    { prompt: 'How warm is it in Boston in fahrenheit?', expects: 'call' },
    { prompt: 'What is the weather in Oslo and in Madrid?', expects: 'parallel' },
    { prompt: 'What is the weather like?', expects: 'clarification' },
    { prompt: 'Tell me a joke', expects: 'no-call' },
  ],
}
