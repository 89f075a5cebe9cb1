import type { SuiteMetric } from '../../../domain/evaluation/suite.ts'
import type { Evaluated } from '../../../domain/evaluators/evaluator.ts'
import { humanLabel, scoreOfLabels } from '../../../domain/evaluators/human-label.ts'
import type { Env } from '../../env.ts'
import { lineage } from '../../lineage/db.ts'
import { humanLabels } from '../row-scores.ts'
import type { ScoreContext } from '../score-input.ts'

/** What people said of this row's answer in this evaluation. */
export async function askPeople(
  env: Env,
  { project, evaluationId, row }: ScoreContext,
  { metric, params }: SuiteMetric,
): Promise<Evaluated> {
  if (evaluationId === undefined || row === undefined)
    return { error: 'people label the rows of an evaluation: this is not one' }
  const { name = metric } = humanLabel.params.parse(params)
  return scoreOfLabels(await humanLabels(lineage(env.LINEAGE), project, { evaluationId, ...row, name }))
}
