import type { EvaluatorInput } from '../evaluator.ts'

/** Two trips to book, with the tools that were offered: what the golden tests of the tool evaluators start from. */
export const TRIP: EvaluatorInput = {
  messages: [
    {
      role: 'user',
      content:
        'Book a train from Oslo to Bergen on 3 March 2026 for 2 people, and from Bergen to Voss on 5 March 2026.',
    },
  ],
  context: [],
  response: '',
  tools: [
    {
      name: 'trains.book',
      description: 'Books a train between two cities on a date.',
      parameters: {
        type: 'dict',
        properties: {
          from: { type: 'string' },
          to: { type: 'string' },
          date: { type: 'string' },
          people: { type: 'integer', default: 1 },
        },
        required: ['from', 'to', 'date'],
      },
    },
    {
      name: 'weather',
      description: 'The weather forecast of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ],
  toolCalls: [
    { name: 'trains_book', arguments: { from: 'Bergen', to: 'Voss', date: '2026-03-05' } },
    { name: 'trains_book', arguments: { from: 'Oslo', to: 'Bergen', date: '2026-03-03', people: 2 } },
  ],
}

/** What is due for it. */
export const DUE: EvaluatorInput['expectedToolCalls'] = [
  {
    name: 'trains.book',
    arguments: { from: ['Oslo'], to: ['Bergen'], date: ['2026-03-03', '3 March 2026'], people: [2] },
    optional: [],
  },
  {
    name: 'trains.book',
    arguments: { from: ['Bergen'], to: ['Voss'], date: ['2026-03-05'], people: [1, 2] },
    optional: ['people'],
  },
]
