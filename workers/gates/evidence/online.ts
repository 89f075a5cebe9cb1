import { and, count, eq } from 'drizzle-orm'
import { sumByCohort } from '../../../domain/evaluation/score.ts'
import { deployedTarget } from '../../../domain/routing/deployed-target.ts'
import type { StageContext } from '../../../durable-objects/workflow-run.ts'
import type { Env } from '../../env.ts'
import { lineage } from '../../lineage/db.ts'
import { evaluations } from '../../lineage/schema.ts'
import { claimAttempt } from '../alpha-budget.ts'
import { onlineScores } from '../online-scores.ts'
import { gateParams, momentOf, routeSpec, type Loader } from './loader.ts'

const HOUR_MS = 3_600_000

/** What sweeps found of the live answers of the model that the stage is about. */
export const loadOnline: Loader<'online'> = async (env, context) => {
  const { route, maxAgeHours } = gateParams('online', context)
  const { project } = context.run
  const judged = await judgedBy(env, context)
  const to = momentOf(context)
  const isJudged = ({ model, promptRef }: { model: string; promptRef: string | null }) =>
    model === judged.model && (judged.prompt === null || promptRef === judged.prompt)
  const window = { from: to - maxAgeHours * HOUR_MS, to }
  const found = await onlineScores(env, project, route, window, isJudged)
  const [newest] = found.evaluations
  const [offline] = await lineage(env.LINEAGE)
    .select({ n: count() })
    .from(evaluations)
    .where(
      and(
        eq(evaluations.projectId, project),
        eq(evaluations.target, judged.model),
        eq(evaluations.mode, 'offline'),
        eq(evaluations.status, 'finished'),
      ),
    )
  const evidence = {
    judged,
    evaluations: found.evaluations,
    offline: offline!.n,
    traces: found.traces.length,
    scores: sumByCohort(found.traces),
  }
  if (!newest) return evidence
  const at = { gate: 'online', rows: `route:${route}`, production: `${judged.model} ${judged.prompt ?? ''}` }
  return { ...evidence, attempt: await claimAttempt(env, context, at, newest.evaluationId) }
}

/** A promotion is about a model; a deployment, and what watches it, about a model with its prompt. */
async function judgedBy(env: Env, context: StageContext): Promise<{ model: string; prompt: string | null }> {
  const { inputs, outputs, definition } = context
  if (definition.kind === 'promote') return { model: inputs.model as string, prompt: null }
  const spec = await routeSpec(env, context, (outputs.route ?? inputs.route) as string)
  return { model: deployedTarget(spec).model, prompt: spec.prompt }
}
