import type { Preset } from './preset.ts'

export const HOME: Preset = {
  id: 'home',
  title: 'Home',
  description: 'Lights, heating and doors: numbers, booleans, choices.',
  tools: [
    {
      definition: {
        name: 'set_light',
        description: 'Switch the light in a room on or off',
        parameters: {
          type: 'object',
          properties: {
            room: { type: 'string', description: 'Room, such as kitchen' },
            state: { type: 'string', enum: ['on', 'off'], description: 'New state' },
          },
          required: ['room', 'state'],
        },
      },
      cannedResults: [{ when: {}, content: '{"ok": true}' }],
    },
    {
      definition: {
        name: 'set_thermostat',
        description: 'Set the temperature in degrees celsius',
        parameters: {
          type: 'object',
          properties: {
            temperature: {
              type: 'number',
              minimum: 5,
              maximum: 30,
              description: 'Degrees celsius',
            },
            room: { type: 'string', description: 'Room, all rooms if absent' },
          },
          required: ['temperature'],
        },
      },
      cannedResults: [{ when: {}, content: '{"ok": true}' }],
    },
    {
      definition: {
        name: 'lock_door',
        description: 'Lock or unlock a door',
        parameters: {
          type: 'object',
          properties: {
            door: { type: 'string', description: 'Door, such as front door' },
            locked: { type: 'boolean', description: 'true locks, false unlocks' },
          },
          required: ['door', 'locked'],
        },
      },
      cannedResults: [
        { when: { door: 'garage' }, content: '{"ok": false, "error": "the garage door is open"}' },
        { when: {}, content: '{"ok": true}' },
      ],
    },
  ],
  examples: [
    { prompt: 'Turn on the light in the kitchen', expects: 'call' },
    { prompt: 'Set the thermostat to 21 degrees', expects: 'call' },
    { prompt: 'Turn off the light in the bedroom and lock the front door', expects: 'parallel' },
    { prompt: 'Turn off the light', expects: 'clarification' },
    { prompt: 'Good morning!', expects: 'no-call' },
  ],
}
