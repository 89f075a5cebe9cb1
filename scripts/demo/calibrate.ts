import { knowledgeText } from '../../domain/dataset/prompt.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { Transcript } from '../../domain/dataset/transcript.ts'
import { momentsOf, scoreRow, sumByCohort, type RowScores } from '../../domain/evaluation/score.ts'
import { Suite } from '../../domain/evaluation/suite.ts'
import { mean } from '../../domain/statistics/mean.ts'
import { supportSuite, type SupportThresholds } from '../../examples/support-agent/workflow.ts'

/** Golden rows that are scored for the calibration. */
const SAMPLE = 200
/** Share of what the good answers score that a model must reach. */
const SHARE_OF_GOOD = 0.25

/**
 * Thresholds for data of one's own: a share of what the good answers themselves score, since raw scores say more of the
 * style of reply than of its quality.
 */
export function calibrate(rows: readonly DatasetRow[]): SupportThresholds {
  const suite = Suite.parse(supportSuite)
  const golden = rows.filter(({ data }) => data.split === 'golden').slice(0, SAMPLE)
  const scored = golden.map((row): RowScores => {
    const { messages, knowledge, expected } = Transcript.parse(row.data)
    const input = {
      messages,
      context: knowledge.map(knowledgeText),
      response: JSON.stringify(expected),
      expected,
    }
    return { rowId: row.id, cohort: 'all', scores: scoreRow(suite.metrics, suite, input) }
  })
  const sums = sumByCohort(scored)
  const shareOf = (metric: string) => Math.round(mean(momentsOf(sums, metric)) * SHARE_OF_GOOD * 100) / 100
  return {
    Groundedness: shareOf('Groundedness'),
    ContextRelevance: shareOf('ContextRelevance'),
    TaskCompletion: shareOf('TaskCompletion'),
    JSONValidation: 0.98,
  }
}
