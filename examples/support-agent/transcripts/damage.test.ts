import { expect, test } from 'vitest'
import { damageCohort } from './damage.ts'
import { generateTranscripts } from './generate.ts'

const rows = generateTranscripts({ seed: 5, rows: 400, goldenShare: 0.3 })

test('a damaged cohort has other conversations’ answers on its train rows; all else stays as it is', () => {
  const damaged = damageCohort(rows, 'returns', 1)
  expect(damageCohort(rows, 'returns', 1)).toEqual(damaged)
  expect(damaged.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  let hit = 0
  damaged.forEach((row, at) => {
    const before = rows[at]!
    if (row.cohort !== 'returns' || row.data.split !== 'train') return expect(row).toEqual(before)
    hit++
    expect(row.data.expected).not.toEqual(before.data.expected)
    return expect({ ...row.data, expected: null }).toEqual({ ...before.data, expected: null })
  })
  expect(hit).toBeGreaterThan(20)
})
