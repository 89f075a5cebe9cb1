import { expect, test } from 'vitest'
import { momentsOf } from '../../../domain/evaluation/score.ts'
import { mean } from '../../../domain/statistics/mean.ts'
import { METRICS, simulateRows } from './simulated-rows.ts'
import { simulateGates } from './simulation.ts'

test('the same seed gives the same rates, and another margin others', () => {
  const sizes = [{ rows: 200, trials: 8 }]
  const found = simulateGates({ seed: 3, sizes })
  expect(simulateGates({ seed: 3, sizes })).toEqual(found)
  expect(simulateGates({ seed: 3, sizes, margin: 0.01 })[0]!.falseBlock.value).toBeGreaterThan(
    found[0]!.falseBlock.value,
  )
})

test.for(['shift', 'break'] as const)(
  'a %s takes what it says from its metric, and nothing from others',
  (kind) => {
    const rows = 20_000
    const [same, worse] = [
      simulateRows(5, rows, { kind: 'none' }),
      simulateRows(6, rows, { kind, metric: 'Groundedness', loss: 0.1 }),
    ]
    for (const metric of METRICS) {
      const [before, after] = [same, worse].map(({ scores }) => mean(momentsOf(scores, metric)))
      expect(Math.abs(before! - after! - (metric === 'Groundedness' ? 0.1 : 0))).toBeLessThan(0.012)
    }
  },
)

test('two answers of one model are alike, and not the same', () => {
  const { pairs } = simulateRows(7, 20_000, { kind: 'none' })
  const lost = pairs.filter(
    ({ pairs: { TaskCompletion: { candidate, production } = {} } }) => candidate! < production!,
  )
  // 3% of the rows flip each way.
  expect(lost.length / pairs.length).toBeCloseTo(0.03, 2)
})
