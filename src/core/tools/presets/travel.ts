import type { Preset } from './preset.ts'

export const TRAVEL: Preset = {
  id: 'travel',
  title: 'Travel',
  description: 'Flights and reservations: dates and codes copied exactly.',
  tools: [
    {
      definition: {
        name: 'search_flights',
        description: 'Search flights between two cities on a date',
        parameters: {
          type: 'object',
          properties: {
            origin: { type: 'string', description: 'City of departure' },
            destination: { type: 'string', description: 'City of arrival' },
            date: { type: 'string', format: 'date', description: 'Such as 2026-05-20' },
          },
          required: ['origin', 'destination', 'date'],
        },
      },
      cannedResults: [
        {
          when: { origin: 'Berlin', destination: 'Lisbon' },
          content: '{"time": "09:40", "price": 129}',
        },
        {
          when: { origin: 'Berlin', destination: 'Rome' },
          content: '{"time": "09:15", "price": 89}',
        },
        { when: {}, content: '{"error": "not found"}' },
      ],
    },
    {
      definition: {
        name: 'get_reservation',
        description: 'Get the details of a reservation',
        parameters: {
          type: 'object',
          properties: {
            reservation_id: { type: 'string', description: 'Six characters, such as ZFA04Y' },
          },
          required: ['reservation_id'],
        },
      },
      cannedResults: [
        { when: { reservation_id: 'ZFA04Y' }, content: '{"name": "Anna Meyer", "time": "09:40"}' },
        { when: { reservation_id: 'RTY789' }, content: '{"status": "pending", "price": 129}' },
        { when: {}, content: '{"status": "ok", "price": 129}' },
      ],
    },
    {
      definition: {
        name: 'cancel_reservation',
        description: 'Cancel a reservation',
        parameters: {
          type: 'object',
          properties: { reservation_id: { type: 'string', description: 'Six characters' } },
          required: ['reservation_id'],
        },
      },
      cannedResults: [
        { when: { reservation_id: 'RTY789' }, content: '{"error": "not found"}' },
        { when: {}, content: '{"success": true, "price": 129}' },
      ],
    },
  ],
  examples: [
    { prompt: 'Find flights from Berlin to Lisbon on 2026-05-20', expects: 'call' },
    { prompt: 'Cancel reservation ZFA04Y', expects: 'call' },
    { prompt: 'Show reservations QWE456 and RTY789', expects: 'parallel' },
    { prompt: 'Show reservation ABC123 and cancel reservation XYZ789', expects: 'parallel' },
    { prompt: 'Book a flight', expects: 'clarification' },
    { prompt: 'What can you do?', expects: 'no-call' },
  ],
}
