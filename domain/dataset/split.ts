import { hash52 } from '../hash.ts'
import type { Split } from './transcript.ts'

/** The side of a row that names none, by a hash of its id: it keeps its side for good, whatever rows come later. */
export function splitOf(rowId: string, goldenShare: number): Split {
  return hash52(rowId) / 2 ** 52 < goldenShare ? 'golden' : 'train'
}
