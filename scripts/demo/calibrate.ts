import { knowledgeText } from '../../domain/dataset/prompt.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { Transcript } from '../../domain/dataset/transcript.ts'
import {
  momentsOf,
  scoreRow,
  sumByCohort,
  type CohortScore,
  type RowScores,
} from '../../domain/evaluation/score.ts'
import { Suite } from '../../domain/evaluation/suite.ts'
import { mean } from '../../domain/statistics/mean.ts'
import { supportSuite, type SupportThresholds } from '../../examples/support-agent/workflow.ts'

/** Share of what the good answers score that a model must reach. */
const SHARE_OF_GOOD = 0.25
/** Golden rows that a cohort needs for a gate to see a loss in it, and the largest share that hides in the overall mean. */
const JUDGED_ROWS = 50
const HIDDEN_SHARE = 0.12

/** What the good answers of the golden rows score themselves, by metric and cohort. */
export function scoreGoodAnswers(rows: readonly DatasetRow[]): CohortScore[] {
  const suite = Suite.parse(supportSuite)
  const golden = rows.filter(({ data }) => data.split === 'golden')
  const scored = golden.map((row): RowScores => {
    const { messages, knowledge, expected } = Transcript.parse(row.data)
    const input = {
      messages,
      context: knowledge.map(knowledgeText),
      response: JSON.stringify(expected),
      expected,
    }
    return { rowId: row.id, cohort: row.cohort ?? 'none', scores: scoreRow(suite.metrics, suite, input) }
  })
  return sumByCohort(scored)
}

/**
 * Thresholds for these rows: a share of what the good answers score, since raw scores say more of the style of reply
 * than of its quality.
 */
export function calibrate(good: readonly CohortScore[]): SupportThresholds {
  const shareOf = (metric: string) => Math.round(mean(momentsOf(good, metric)) * SHARE_OF_GOOD * 100) / 100
  return {
    Groundedness: shareOf('Groundedness'),
    ContextRelevance: shareOf('ContextRelevance'),
    TaskCompletion: shareOf('TaskCompletion'),
    JSONValidation: 0.98,
  }
}

/**
 * A cohort that is small enough to hide in the overall mean, large enough for a gate to see, and, of those, the one whose
 * good answers lean on their knowledge most: what scores near 0 when it is good cannot be seen to fall.
 */
export function cohortToDamage(good: readonly CohortScore[]): string {
  const cohorts = good.filter(({ metric }) => metric === 'Groundedness')
  const total = cohorts.reduce((sum, { n }) => sum + n, 0)
  const fit = cohorts.filter(({ n }) => n >= JUDGED_ROWS && n <= HIDDEN_SHARE * total)
  const [chosen] = (fit.length > 0 ? fit : cohorts).toSorted((a, b) => mean(b) - mean(a))
  if (!chosen) throw new Error('the data has no golden row with an answer that could be scored')
  return chosen.cohort
}
