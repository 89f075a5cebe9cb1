import * as z from 'zod'
import { Json } from '../../domain/json.ts'

/** How long a `later` task takes, when it does not say. */
const LATER_MS = 200

/** What stands under `with.params` of a `task` stage of this endpoint. */
export const TaskParams = z
  .object({
    /**
     * `noop` succeeds at once; `later` accepts and calls back; `flaky` fails for the first attempts; `fail` always does;
     * `apply` has an effect outside, kept in the ledger; `undo` withdraws the effects of the stage `of` in the same run.
     */
    mode: z.enum(['noop', 'later', 'flaky', 'fail', 'apply', 'undo']).default('noop'),
    /** Of any mode: accept the task, and call back after this long. */
    delayMs: z.number().int().min(0).max(600_000).exactOptional(),
    /** Attempts of a `flaky` task that fail. */
    failures: z.number().int().min(0).default(1),
    /** The stage whose effects an `undo` task withdraws. */
    of: z.string().exactOptional(),
    /** What the task gives; when absent `value`: the item, or the input `value`. */
    outputs: z.record(z.string(), Json).exactOptional(),
  })
  .refine(({ mode, of }) => mode !== 'undo' || of !== undefined, {
    path: ['of'],
    message: 'an undo task names the stage whose effects it withdraws',
  })
export type TaskParams = z.infer<typeof TaskParams>

export function delayOf({ mode, delayMs }: TaskParams): number {
  return delayMs ?? (mode === 'later' ? LATER_MS : 0)
}
