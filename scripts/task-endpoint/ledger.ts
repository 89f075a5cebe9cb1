import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { Task } from '../../domain/task/contract.ts'

const taskId = z.string()

/** What happened at the endpoint. The ledger is append-only: nothing in it is ever changed. */
export const LedgerEntry = z.discriminatedUnion('type', [
  /** A task that is answered by a callback, at `dueAt` or soon after. */
  z.object({ type: z.literal('accepted'), task: Task, dueAt: z.number() }),
  /** Its callback was taken. */
  z.object({ type: z.literal('called_back'), taskId }),
  /** The effect of a task took place. */
  z.object({ type: z.literal('applied'), taskId, runId: z.string(), stage: z.string() }),
  /** The task came again, and its effect did not take place again. */
  z.object({ type: z.literal('repeated'), taskId }),
  /** The effect was taken back: by an `undo` task, or because its own task was cancelled. */
  z.object({ type: z.literal('withdrawn'), taskId, by: z.string() }),
  z.object({ type: z.literal('cancelled'), taskId }),
])
export type LedgerEntry = z.infer<typeof LedgerEntry>

export interface Ledger {
  /** All that was in the file when it was opened. */
  past: readonly LedgerEntry[]
  append(entry: LedgerEntry): void
}

/** JSON lines in a file, each written before the endpoint answers: what was said survives a kill. */
export function openLedger(file: string): Ledger {
  mkdirSync(dirname(file), { recursive: true })
  const past = existsSync(file) ? readLedger(file) : []
  return {
    past,
    // Readable by the owner alone, since an accepted task holds its token.
    append: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 }),
  }
}

export function readLedger(file: string): LedgerEntry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => LedgerEntry.parse(JSON.parse(line)))
}
