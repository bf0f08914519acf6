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
      cannedResults: [
        { when: { room: 'garage' }, content: '{"error": "not found"}' },
        { when: {}, content: '{"success": true}' },
      ],
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
      cannedResults: [
        { when: { temperature: 21 }, content: '{"status": "ok", "temperature": 21}' },
        { when: { temperature: 18 }, content: '{"status": "ok", "temperature": 18}' },
        { when: {}, content: '{"status": "ok"}' },
      ],
    },
    {
      definition: {
        name: 'lock_door',
        description: 'Lock or unlock a door',
        parameters: {
          type: 'object',
          properties: {
            door: { type: 'string', description: 'Door, such as front' },
            locked: { type: 'boolean', description: 'true locks, false unlocks' },
          },
          required: ['door', 'locked'],
        },
      },
      cannedResults: [
        { when: { door: 'garage' }, content: '{"error": "timeout"}' },
        { when: {}, content: '{"success": true}' },
      ],
    },
  ],
  examples: [
    { prompt: 'Turn on the light in the kitchen', expects: 'call' },
    { prompt: 'Set the thermostat in the bedroom to 18 degrees', expects: 'call' },
    { prompt: 'Unlock the garage door', expects: 'call' },
    { prompt: 'Lock the front door and turn off the kitchen light', expects: 'parallel' },
    { prompt: 'Turn off the light', expects: 'clarification' },
    { prompt: 'Good morning!', expects: 'no-call' },
  ],
}
