import * as z from 'zod'
import type { CohortScore } from '../evaluation/score.ts'
import { Name, shortRef } from '../ref.ts'
import { alphaOf, withAttempt, type GateAttempt } from './alpha-budget.ts'
import { judge, onInconclusive, sound, type Gate } from './gate.ts'
import { judgeScores, Thresholds } from './threshold.ts'

const Params = z.strictObject({
  route: Name,
  metrics: Thresholds,
  /** Oldest that a sweep may be whose scores count. */
  maxAgeHours: z.number().positive().max(720).default(24),
  /** Fewest scored traces. */
  minTraces: z.number().int().min(1).default(100),
  /** Of passing what is below its threshold, over all attempts together. */
  alpha: z.number().positive().max(0.5).default(0.05),
  onInconclusive,
})

export interface OnlineEvidence {
  /** The model whose answers count, and the prompt where the stage knows it. */
  judged: { model: string; prompt: string | null }
  /** Finished sweeps within the age limit that scored such answers, newest first. */
  evaluations: { evaluationId: string; finishedAt: number }[]
  /** Finished evaluations of the model on datasets: they count for nothing here. */
  offline: number
  /** Scored traces. A trace is counted once, however many sweeps scored it. */
  traces: number
  scores: CohortScore[]
  attempt?: GateAttempt
}

/**
 * Live traffic was scored, and the scores reach their thresholds. Only what sweeps scored counts: an offline verdict
 * never satisfies this gate. The mean is over the sampled traces, of which every cohort has at least the sweep's floor.
 */
export const online: Gate<z.infer<typeof Params>, OnlineEvidence> = {
  name: 'online',
  stages: ['promote', 'deploy', 'monitor'],
  params: Params,
  evaluate(params, evidence) {
    const { judged, evaluations, offline, traces, scores, attempt } = evidence
    const facts = { judged, evaluations, offline, traces }
    const model = shortRef(judged.model)
    const window = `in the last ${params.maxAgeHours} hours`
    if (evaluations.length === 0) {
      const none = `No sweep of ${params.route} scored an answer of ${model} ${window}.`
      const only = ` There ${offline === 1 ? 'is 1 offline evaluation' : `are ${offline} offline evaluations`} of it, and an offline verdict does not count here.`
      return { verdict: 'not_run', sentence: offline > 0 ? none + only : none, evidence: facts }
    }
    if (traces < params.minTraces) {
      const unclear = `${traces} answers of ${model} on ${params.route} were scored ${window}`
      return judge([{ unclear, rowsNeeded: params.minTraces, what: 'traces' }], '', facts)
    }
    const passAlpha = alphaOf(params.alpha, attempt)
    const found = judgeScores(scores, { thresholds: params.metrics, alpha: params.alpha, passAlpha })
    const sentence = `On ${traces} live answers of ${model}: ${found.sentence}`
    const result = { ...found, sentence, evidence: { ...facts, ...found.evidence } }
    return sound(withAttempt(result, params.alpha, attempt, 'the same model'))
  },
}
