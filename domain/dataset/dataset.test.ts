import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toDatasetRow } from './mapping.ts'
import { knowledgeLines, knowledgeText, renderPrompt } from './prompt.ts'
import type { DatasetRow } from './row.ts'
import { splitOf } from './split.ts'
import { datasetVersion, rowHash } from './version.ts'

const rows = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 8 }),
    cohort: fc.constantFrom('a', 'b'),
    data: fc.dictionary(fc.string(), fc.string()),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
)
const versionOf = (list: readonly DatasetRow[]) => datasetVersion(list.map((row) => [row.id, rowHash(row)]))

describe('the version of a dataset', () => {
  test('does not depend on the order of its rows', () => {
    fc.assert(
      fc.property(
        rows.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(versionOf(shuffled)).toBe(versionOf(list))
        },
      ),
    )
  })

  test('changes with any change of a row, its cohort or their number', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (list, pick) => {
        const at = pick % list.length
        const change = (edit: (row: DatasetRow) => DatasetRow) =>
          list.map((row, index) => (index === at ? edit(row) : row))
        expect(versionOf(change((row) => ({ ...row, data: { ...row.data, extra: 'x' } })))).not.toBe(
          versionOf(list),
        )
        expect(versionOf(change((row) => ({ ...row, cohort: 'other' })))).not.toBe(versionOf(list))
        expect(versionOf(list.slice(1))).not.toBe(versionOf(list))
      }),
    )
  })
})

describe('mapping a record to a transcript', () => {
  const record = { id: 'r1', question: 'Where is it?', label: 'track', answer: 'On its way.' }

  test('finds parts under their usual names', () => {
    expect(toDatasetRow(record, {}, 1)).toEqual({
      id: 'r1',
      data: {
        messages: [{ role: 'user', content: 'Where is it?' }],
        knowledge: [],
        expected: { intent: 'track', action: 'track', reply: 'On its way.' },
      },
    })
  })

  test('finds parts where the mapping says, in objects and in CSV cells that hold JSON', () => {
    const given = {
      key: '7',
      talk: '[{"role": "customer", "text": "Hi"}, {"role": "agent", "text": "Hello"}, {"role": "customer", "text": "Bye"}]',
      at: '2',
      call: { tool: 'lookup' },
      facts: '[{"order": "A1", "price": 5}]',
      label: 'x',
      answer: 'y',
    }
    const row = toDatasetRow(
      given,
      { id: 'key', messages: 'talk', until: 'at', action: 'call.tool', knowledge: 'facts' },
      1,
    )
    expect(row.data).toEqual({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
      ],
      knowledge: [{ id: 'k1', text: '', fields: { order: 'A1', price: '5' } }],
      expected: { intent: 'x', action: 'lookup', reply: 'y' },
    })
  })

  test.for([
    [
      { ...record, answer: undefined },
      {},
      'Row 4: reply is missing; looked in reply, response, answer. Name its column with map=reply:COLUMN',
    ],
    [record, { reply: 'nope' }, 'Row 4: reply the column nope that reply is mapped to is missing'],
    [
      { ...record, question: undefined, messages: 5 },
      {},
      'Row 4: messages must be a text or a list of {role, content}',
    ],
    [{ ...record, messages: [{ role: 'user' }] }, {}, 'Row 4: messages[0] must be {role, content}'],
    [{ ...record, until: 'x' }, {}, 'Row 4: until must be the index of a message, from 1'],
  ] as const)('names the row and the field of what is wrong', ([given, mapping, message]) => {
    const call = () => toDatasetRow(JSON.parse(JSON.stringify(given)), mapping, 4)
    if (message.includes('until'))
      expect(() => toDatasetRow({ ...record, question: null, messages: [], until: 'x' }, mapping, 4)).toThrow(
        message,
      )
    else expect(call).toThrow(message)
  })
})

test('knowledge that is rendered into a prompt is read back from it, line by line', () => {
  const knowledge = fc.array(fc.record({ id: fc.string(), text: fc.string({ unit: 'grapheme' }) }), {
    maxLength: 6,
  })
  fc.assert(
    fc.property(knowledge, (items) => {
      const [system] = renderPrompt('Use:\n{{knowledge}}', items, [])
      expect(knowledgeLines(system!.content)).toEqual(items.map(knowledgeText))
    }),
  )
})

test('a row keeps its side whatever the other rows are, and the share is about what was asked', () => {
  const sides = Array.from({ length: 4000 }, (_, index) => splitOf(`row-${index}`, 0.3))
  expect(sides.filter((side) => side === 'golden').length / 4000).toBeCloseTo(0.3, 1)
  expect(splitOf('row-7', 0.3)).toBe(sides[7])
})
