import * as z from 'zod'
import { shortRef } from '../ref.ts'
import { judge, onInconclusive, type Gate } from './gate.ts'

const Params = z.strictObject({ onInconclusive })

export interface RollbackEvidence {
  /** The version that the route would fall back to; null before the second deployment. */
  previous: string | null
  /** What a real request to it came to. */
  probe: { answered: boolean; detail: string; ms: number } | null
  /** What a real request to the new target came to. */
  candidate: { answered: boolean; detail: string; ms: number }
}

/** The new version answers, and so does the version before it, to which the route would be rolled back. */
export const rollbackReady: Gate<z.infer<typeof Params>, RollbackEvidence> = {
  name: 'rollback-ready',
  stages: ['deploy'],
  params: Params,
  evaluate(_params, evidence) {
    const { previous, probe, candidate } = evidence
    const faults = [
      !candidate.answered && `the new target does not answer: ${candidate.detail}`,
      previous !== null &&
        !probe?.answered &&
        `${shortRef(previous)} does not answer: ${probe?.detail ?? 'not probed'}`,
    ]
    return judge(
      faults,
      previous === null
        ? 'The new target answers; this is the first version of the route, with nothing before it to roll back to.'
        : `The new target answers, and so does ${shortRef(previous)}, the version to roll back to.`,
      { ...evidence },
    )
  },
}
