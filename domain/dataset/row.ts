import { Json } from '../json.ts'
import * as z from 'zod'

/** The largest row, as canonical JSON, in bytes. A queue batch of rows must fit an isolate many times over. */
export const MAX_ROW_BYTES = 1_000_000
/** Longest row id, in characters. */
export const MAX_ROW_ID_LENGTH = 200

/** One row of a dataset version. `cohort` is the slice the row is counted in. */
export const DatasetRow = z.object({
  id: z.string().min(1).max(MAX_ROW_ID_LENGTH),
  cohort: z.string().min(1).max(100).optional(),
  data: z.record(z.string(), Json),
})
export type DatasetRow = z.infer<typeof DatasetRow>
