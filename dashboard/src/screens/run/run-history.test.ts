import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogEntry, LogLine } from '../../api/views.ts'
import { RunHistory } from './run-history.ts'

const line = (n: number) => ({ line: n, message: `line ${n}` }) as LogLine
const event = (seq: number) => ({ seq }) as LogEntry

test('lines stand in their order, each once, in whatever order pages and stream bring them', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 30 }))), (batches) => {
      const history = new RunHistory()
      for (const batch of batches) history.addLines(batch.map(line))
      const numbers = [...new Set(batches.flat())].toSorted((a, b) => a - b)
      expect(history.lines).toEqual(numbers.map(line))
    }),
  )
})

test('says whether there was news, and where to go on', () => {
  const history = new RunHistory()
  expect(history.addEvents([event(1), event(2)])).toBe(true)
  expect(history.addEvents([event(2)])).toBe(false)
  expect(history.addEvents([event(2), event(3)])).toBe(true)
  expect(history.lastEvent).toBe(3)
  history.addLines([line(7)])
  expect(history.readLines([line(1), line(2)])).toBe(true)
  // The pages are read on from 2, though the stream brought 7 already.
  expect([history.readLine, history.lastLine]).toEqual([2, 7])
  expect(history.readLines([])).toBe(false)
})
