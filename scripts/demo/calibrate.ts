import { knowledgeText } from '../../domain/dataset/prompt.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { Transcript, type AgentAnswer } from '../../domain/dataset/transcript.ts'
import {
  momentsOf,
  scoreRow,
  sumByCohort,
  type CohortScore,
  type RowScores,
} from '../../domain/evaluation/score.ts'
import { Suite } from '../../domain/evaluation/suite.ts'
import { mean, standardDeviation } from '../../domain/statistics/mean.ts'
import { supportSuite, type SupportThresholds } from '../../examples/support-agent/workflow.ts'

/** Share of what the good answers score that a model must reach. */
const SHARE_OF_GOOD = 0.25
/** Golden rows that a cohort needs for a gate to see a loss in it, and the largest share that hides in the overall mean. */
const JUDGED_ROWS = 50
const HIDDEN_SHARE = 0.12
/** Scores of few rows may happen to be alike. */
const LEAST_SPREAD = 0.1

/** What the good answers of the golden rows score themselves, by metric and cohort. */
export function scoreGoodAnswers(rows: readonly DatasetRow[]): CohortScore[] {
  return scoreAnswers(goldenOf(rows), (row) => Transcript.parse(row.data).expected)
}

/** What golden rows score when they are answered as a row of another cohort should be: the harm that the demo does. */
function scoreSlippedAnswers(rows: readonly DatasetRow[]): CohortScore[] {
  const golden = goldenOf(rows)
  return scoreAnswers(golden, (row, at) => {
    const later = [...golden.slice(at), ...golden.slice(0, at)]
    const other = later.find(({ cohort }) => cohort !== row.cohort) ?? row
    return Transcript.parse(other.data).expected
  })
}

function goldenOf(rows: readonly DatasetRow[]): DatasetRow[] {
  return rows.filter(({ data }) => data.split === 'golden')
}

function scoreAnswers(
  rows: readonly DatasetRow[],
  answerTo: (row: DatasetRow, at: number) => AgentAnswer,
): CohortScore[] {
  const suite = Suite.parse(supportSuite)
  const scored = rows.map((row, at): RowScores => {
    const { messages, knowledge, expected } = Transcript.parse(row.data)
    const input = {
      messages,
      context: knowledge.map(knowledgeText),
      response: JSON.stringify(answerTo(row, at)),
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
 * A cohort that is small enough to hide in the overall mean, large enough for a gate to see, and, of those, the one in
 * which a slipped answer shows most: how far Groundedness falls, in standard deviations. A sweep sees a few traces of each
 * cohort, and answers that lean on no knowledge cannot be seen to fall.
 */
export function cohortToDamage(rows: readonly DatasetRow[], good: readonly CohortScore[]): string {
  const slipped = scoreSlippedAnswers(rows)
  const cohorts = good.filter(({ metric }) => metric === 'Groundedness')
  const total = cohorts.reduce((sum, { n }) => sum + n, 0)
  const fall = (own: CohortScore) => {
    const after = momentsOf(slipped, 'Groundedness', own.cohort)
    return (mean(own) - mean(after)) / Math.max(LEAST_SPREAD, standardDeviation(own))
  }
  const fit = cohorts.filter(({ n }) => n >= JUDGED_ROWS && n <= HIDDEN_SHARE * total)
  const [chosen] = (fit.length > 0 ? fit : cohorts).toSorted((a, b) => fall(b) - fall(a))
  if (!chosen) throw new Error('the data has no golden row with an answer that could be scored')
  return chosen.cohort
}
