import type { RunView } from '../../../workers/api/run-view.ts'
import type { StoredState } from '../stored-state.ts'
import type { ChaosWorkflow } from '../workflows.ts'

export interface ChaosRun {
  runId: string
  workflow: ChaosWorkflow
  view: RunView
}

/** What the checks judge: the runs as the API describes them, and what is on disk. */
export interface Evidence {
  runs: ChaosRun[]
  /** Ids of the rows in the score shards, by evaluation. */
  scored: ReadonlyMap<string, readonly string[]>
  state: StoredState
}

export interface CheckResult {
  ok: boolean
  detail: string
}

/** A check of what must hold in the end. */
export type Check = (evidence: Evidence) => CheckResult

const SHOWN = 5

/** Passes when something was looked at and nothing was wrong: a check that saw nothing proves nothing. */
export function verdict(looked: number, nouns: string, claim: string, wrong: readonly string[]): CheckResult {
  if (wrong.length === 0) {
    return looked > 0
      ? { ok: true, detail: `${looked} ${nouns} ${claim}` }
      : { ok: false, detail: `there were no ${nouns} to look at` }
  }
  const more = wrong.length > SHOWN ? ` … and ${wrong.length - SHOWN} more` : ''
  return { ok: false, detail: `${wrong.slice(0, SHOWN).join('; ')}${more}` }
}
