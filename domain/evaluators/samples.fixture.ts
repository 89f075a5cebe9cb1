import type { EvaluatorInput } from './evaluator.ts'

/** An order enquiry: what the golden tests of the evaluators start from. */
export const ORDER: EvaluatorInput = {
  messages: [
    { role: 'system', content: 'You are a support agent.' },
    { role: 'user', content: 'Hi, this is about my order A-20318.' },
    { role: 'assistant', content: 'Sure, what would you like to know?' },
    { role: 'user', content: 'When will it arrive, and how much was it?' },
  ],
  context: [
    'order_id: A-20318; amount: 49.90; currency: EUR; carrier: Nordpost; eta: 2026-11-03; status: in transit',
    'Parcels in transit can be redirected to a pick-up point until the evening before delivery.',
    'Refunds are paid within 14 days of the return reaching our warehouse.',
  ],
  response: JSON.stringify({
    intent: 'order_status',
    action: 'lookup_order',
    reply: 'Your order A-20318 for €49.90 is in transit with Nordpost and should arrive on 3 November 2026.',
  }),
  expected: {
    intent: 'order_status',
    action: 'lookup_order',
    reply: 'Order A-20318 (49.90 EUR) is in transit and arrives on 3 November.',
  },
}

/** The same row with another reply or other fields. */
export function order(
  reply: string,
  change: Partial<EvaluatorInput> = {},
  action = 'lookup_order',
): EvaluatorInput {
  return { ...ORDER, response: JSON.stringify({ intent: 'order_status', action, reply }), ...change }
}
