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
          when: {},
          content: '{"flights": [{"flight": "CG 417", "departure": "09:40", "price": 129}]}',
        },
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
        {
          when: {},
          content: '{"status": "confirmed", "origin": "Berlin", "destination": "Lisbon"}',
        },
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
      cannedResults: [{ when: {}, content: '{"status": "cancelled", "refund": 129}' }],
    },
  ],
  examples: [
    { prompt: 'Find flights from Berlin to Lisbon on 2026-05-20', expects: 'call' },
    { prompt: 'Show me reservation ZFA04Y', expects: 'call' },
    { prompt: 'Cancel reservation ZFA04Y', expects: 'call' },
    { prompt: 'Get reservations ZFA04Y and K3PX9Q', expects: 'parallel' },
    { prompt: 'Find flights to Lisbon', expects: 'clarification' },
    { prompt: 'Hi there', expects: 'no-call' },
  ],
}
