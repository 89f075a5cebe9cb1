import { currentSuite } from '../../domain/evaluation/current-suite.ts'
import { chunkRows, type EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { Suite } from '../../domain/evaluation/suite.ts'
import { contentHash } from '../../domain/hash.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { datasetChunks, finishedEvaluation, startEvaluation } from '../evaluation/start.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact } from '../registry/artifacts.ts'
import { datasetManifest } from '../registry/datasets.ts'
import { servedTarget, tokenPriceOf } from '../registry/models.ts'
import { inputOf, type StageExecutor } from './executor.ts'

/** Longest wait for one answer of a candidate. */
const ANSWER_TIMEOUT_MS = 30_000

/** Answers every golden row with the candidate and scores the answers, fanned out over the queue. */
export const evaluate: StageExecutor<'evaluate'> = {
  async execute(env, job) {
    const [target, source] = [inputOf(job, 'model'), inputOf(job, 'golden')]
    const suite = await suiteOf(env, job.run.project, inputOf(job, 'suite'))
    const done = await startOrReuse(env, job, { target, source, suite, as: 'produced' })
    return done
      ? { status: 'produced', outputs: { evaluation: done } }
      : { status: 'waiting', waitingFor: 'the evaluation of every golden row' }
  },
  async cancel(env, job) {
    const target = job.inputs.model
    if (typeof target === 'string') await env.EVALUATION_RUN.getByName(evaluationIdOf(job, target)).cancel()
  },
}

/**
 * The id of a finished evaluation of this target on these rows by this suite; or nothing, and one is under way that
 * will report to the stage.
 *
 * @throws ProblemError `suite.outdated`
 */
export async function startOrReuse(
  env: Env,
  job: StageContext,
  {
    target,
    source,
    suite: asked,
    as,
  }: { target: string; source: string; suite: Suite; as: 'produced' | 'resumed' },
): Promise<string | undefined> {
  const db = lineage(env.LINEAGE)
  const { project, runId } = job.run
  // What a promotion waits for is looked up once more when it is there, forced or not.
  const forced = as === 'produced' && job.run.force.includes(job.stage)
  const of = { target, source, suiteVersion: contentHash(asked) }
  const known = forced ? undefined : await finishedEvaluation(db, project, of)
  if (known) return known.evaluationId
  const suite = currentSuite(asked)
  const candidate = servedTarget(target, (await getArtifact(db, project, target)).manifest)
  const spec: EvaluationSpec = {
    project,
    evaluationId: evaluationIdOf(job, target),
    mode: 'offline',
    target,
    source,
    suite,
    metrics: suite.metrics,
    candidate,
    ...tokenPriceOf(candidate),
    headersMs: ANSWER_TIMEOUT_MS,
    notify: { runId, stage: job.stage, attempt: job.attempt, as },
    ...(forced ? { forced } : {}),
  }
  const chunks = datasetChunks(await datasetManifest(db, project, source), chunkRows(spec))
  await startEvaluation(env, spec, chunks, null, Date.now())
  return undefined
}

export async function suiteOf(env: Env, project: string, ref: string): Promise<Suite> {
  return (await getArtifact(lineage(env.LINEAGE), project, ref)).manifest as unknown as Suite
}

/** One evaluation for each attempt and target, so that a repeated message starts no second one. */
function evaluationIdOf(job: StageContext, target: string): string {
  return `eval_${job.run.runId.slice(4)}_${job.stage}_${job.attempt}_${contentHash(target).slice(0, 8)}`
}
