import type { Suite } from '../../../domain/evaluation/suite.ts'
import { cohortScoresOf } from '../../evaluation/finish.ts'
import { getEvaluation } from '../../evaluation/get-evaluation.ts'
import { pairedRows } from '../../evaluation/paired-rows.ts'
import { lineage } from '../../lineage/db.ts'
import { claimAttempt } from '../alpha-budget.ts'
import { evaluationIdOf, type Loader } from './loader.ts'

export const loadCoverage: Loader<'coverage'> = async (env, context) => {
  const evaluationId = evaluationIdOf(context)
  const { suite } = await getEvaluation(lineage(env.LINEAGE), context.run.project, evaluationId)
  return {
    evaluators: (suite as unknown as Suite).metrics.map(({ evaluator }) => evaluator),
    scores: await cohortScoresOf(env, evaluationId),
  }
}

export const loadThreshold: Loader<'threshold'> = async (env, context) => {
  const evaluationId = evaluationIdOf(context)
  const { source } = await getEvaluation(lineage(env.LINEAGE), context.run.project, evaluationId)
  const at = { gate: 'threshold', rows: source, production: null }
  return {
    scores: await cohortScoresOf(env, evaluationId),
    attempt: await claimAttempt(env, context, at, evaluationId),
  }
}

/** Where nothing is compared, nothing of the error budget is spent. */
export const loadNoRegression: Loader<'no-regression'> = async (env, context) => {
  const { model, production, productionEvaluation } = context.outputs as Record<string, string | null>
  const evidence = { candidate: model!, production: production ?? null, rows: [] }
  if (!production || !productionEvaluation) return evidence
  const evaluationId = evaluationIdOf(context)
  const { source, passMarks } = await getEvaluation(lineage(env.LINEAGE), context.run.project, evaluationId)
  const at = { gate: 'no-regression', rows: source, production }
  return {
    ...evidence,
    passMarks,
    rows: await pairedRows(env, context.run.project, evaluationId, productionEvaluation),
    attempt: await claimAttempt(env, context, at, evaluationId),
  }
}
