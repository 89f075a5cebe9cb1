import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DatasetRow } from '../dataset/row.ts'
import { canaries } from './canaries.ts'
import { residualFindings } from './residual.ts'
import { redactRow } from './row.ts'

const ROW: DatasetRow = {
  id: 'ticket-4111111111111111',
  cohort: 'orders',
  data: {
    messages: [
      {
        role: 'user',
        content: 'Hi, my name is Jane Fletcher, mail jane@example.com. Where is order A-20318?',
      },
      { role: 'assistant', content: 'One moment, Jane.' },
      { role: 'user', content: 'Fletcher is spelled with tch.' },
    ],
    knowledge: [
      {
        id: 'order',
        text: 'order_id: A-20318',
        fields: { order_id: 'A-20318', amount: '49.90', eta: '2026-11-03', customer: 'Jane Fletcher' },
      },
      { id: 'kb-1', text: 'The Taylor Kettle is repaired within 14 days.' },
    ],
    expected: { intent: 'order_status', action: 'lookup_order', reply: 'It arrives on 2026-11-03, Jane.' },
    attempts: 3,
  },
}

test('a row: personal data goes, business facts, ids and keys stay, a name goes wherever it recurs', () => {
  const { row, findings } = redactRow(ROW)
  expect(row).toEqual({
    id: 'ticket-4111111111111111',
    cohort: 'orders',
    data: {
      messages: [
        { role: 'user', content: 'Hi, my name is [PERSON], mail [EMAIL]. Where is order A-20318?' },
        { role: 'assistant', content: 'One moment, [PERSON].' },
        { role: 'user', content: '[PERSON] is spelled with tch.' },
      ],
      knowledge: [
        {
          id: 'order',
          text: 'order_id: A-20318',
          fields: { order_id: 'A-20318', amount: '49.90', eta: '2026-11-03', customer: '[PERSON]' },
        },
        { id: 'kb-1', text: 'The Taylor Kettle is repaired within 14 days.' },
      ],
      expected: {
        intent: 'order_status',
        action: 'lookup_order',
        reply: 'It arrives on 2026-11-03, [PERSON].',
      },
      attempts: 3,
    },
  })
  expect(findings).toEqual({ PERSON: 5, EMAIL: 1 })
  expect(residualFindings(row)).toEqual([])
})

test('the given row is left as it was', () => {
  const before = JSON.stringify(ROW)
  redactRow(ROW)
  expect(JSON.stringify(ROW)).toBe(before)
})

test('redacting a row twice changes nothing', () => {
  const text = fc.integer().chain((seed) => fc.constantFrom(...canaries(seed).map((canary) => canary.text)))
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 4 }),
      fc.array(text, { maxLength: 3 }),
      (said, known) => {
        const data = {
          messages: said.map((content) => ({ role: 'user', content })),
          knowledge: known.map((line, at) => ({ id: `k${at}`, text: line })),
        }
        const once = redactRow({ id: 'r', data }).row
        expect(redactRow(once)).toEqual({ row: once, findings: {} })
      },
    ),
    { numRuns: 60 },
  )
})

test('data nested too deep is refused', () => {
  let deep: DatasetRow['data'] = { text: 'x' }
  for (let i = 0; i < 60; i++) deep = { deep }
  expect(() => redactRow({ id: 'r', data: deep })).toThrow('nested deeper than 50 levels')
})

test('odd keys stay plain data', () => {
  const data = JSON.parse('{"__proto__": {"messages": "my name is Jane Fletcher"}}')
  expect(JSON.stringify(redactRow({ id: 'r', data }).row.data)).toBe(
    '{"__proto__":{"messages":"my name is [PERSON]"}}',
  )
})
