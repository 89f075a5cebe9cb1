import type { DatasetRow } from '../../../domain/dataset/row.ts'
import { createRandom } from './random.ts'

/**
 * What a bad export does: the answer column of one cohort slips, so that its `train` rows stand beside the expected
 * answers of other customers' conversations, about other things and other records. Golden rows and the other cohorts
 * stay as they are, and so do ids: each field alone still looks right.
 */
export function damageCohort(rows: readonly DatasetRow[], cohort: string, seed: number): DatasetRow[] {
  const training = rows.filter(({ data }) => data.split === 'train')
  const others = createRandom(seed).shuffle(training.filter((row) => row.cohort !== cohort))
  if (others.length === 0) return [...rows]
  let slipped = 0
  return rows.map((row) => {
    if (row.cohort !== cohort || row.data.split !== 'train') return row
    const expected = others[slipped++ % others.length]!.data.expected!
    return { ...row, data: { ...row.data, expected } }
  })
}
