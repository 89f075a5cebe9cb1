import { count, desc } from 'drizzle-orm'
import { ProblemError } from '../../../domain/problem.ts'
import type { StageContext } from '../../../durable-objects/workflow-run.ts'
import type { Env } from '../../env.ts'
import { tracesIn } from '../../lineage/traces.ts'
import { lineage } from '../../lineage/db.ts'
import { traces } from '../../lineage/schema.ts'
import { datasetManifest } from '../../registry/datasets.ts'
import { evaluationIdOf, gateParams, momentOf, type Loader } from './loader.ts'
import { getEvaluation } from '../../evaluation/get-evaluation.ts'

const DAY_MS = 86_400_000
/** Callers name cohorts as they like: of more than these, the rarest are counted together. */
const MAX_COHORTS = 500

/** The cohorts of the dataset that the stage made or judges by, and those of recent traffic. */
export const loadProductionShaped: Loader<'production-shaped'> = async (env, context) => {
  const { route, windowDays } = gateParams('production-shaped', context)
  const db = lineage(env.LINEAGE)
  const { project } = context.run
  const to = momentOf(context)
  const from = to - windowDays * DAY_MS
  const inWindow = tracesIn({ project, route, from, to })
  const counts = await db
    .select({ cohort: traces.cohort, n: count() })
    .from(traces)
    .where(inWindow)
    .groupBy(traces.cohort)
    .orderBy(desc(count()))
    .limit(MAX_COHORTS)
  const [all] = await db.select({ n: count() }).from(traces).where(inWindow)
  const counted = counts.reduce((sum, { n }) => sum + n, 0)
  const dataset = await datasetOf(env, context)
  return {
    dataset,
    rows: (await datasetManifest(db, project, dataset)).cohorts,
    traffic: Object.fromEntries(counts.map(({ cohort, n }) => [cohort, n])),
    otherTraffic: Math.max(0, all!.n - counted),
    from,
    to,
  }
}

async function datasetOf(env: Env, context: StageContext): Promise<string> {
  const { inputs, outputs, stage } = context
  const ref = outputs.golden ?? outputs.dataset ?? inputs.golden
  if (typeof ref === 'string') return ref
  const { source } = await getEvaluation(lineage(env.LINEAGE), context.run.project, evaluationIdOf(context))
  if (source.startsWith('dataset:')) return source
  throw new ProblemError('not.found', `The stage ${stage} was not judged by a dataset, but by ${source}`)
}
