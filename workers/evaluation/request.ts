import { currentSuite } from '../../domain/evaluation/current-suite.ts'
import { chunkRows, isImmutable, type EvaluationSpec, type TokenPrice } from '../../domain/evaluation/spec.ts'
import type { EvaluationStatus } from '../../domain/evaluation/status.ts'
import { contentHash, sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { newId } from '../ids.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact, resolveRef } from '../registry/artifacts.ts'
import { datasetManifest } from '../registry/datasets.ts'
import { findCandidate } from './candidate.ts'
import { estimateCost, type Estimate } from './estimate.ts'
import { datasetChunks, finishedEvaluation, startEvaluation } from './start.ts'

/** An evaluation that somebody asks for, without a run. */
export interface EvaluationRequest {
  /** `model:…`, `route:…`, `endpoint:…`; absent where the rows have answers. */
  candidate?: string | undefined
  dataset: string
  suite: string
  price?: TokenPrice | undefined
  concurrency?: number | undefined
  timeoutMs: number
  /** Takes nothing over from earlier evaluations. */
  force: boolean
  /** Only says what it would cost. */
  dryRun: boolean
}

export interface StartedEvaluation {
  /** Null for a dry run. */
  evaluationId: string | null
  /** `finished` when an earlier evaluation says all that this one would. */
  status: 'planned' | EvaluationStatus
  target: string
  source: string
  suite: string
  estimate: Estimate
}

/**
 * Starts an evaluation with everything pinned to a version. The same key starts one, however often it is sent; one that is
 * finished already for the same target, rows and suite is the answer, unless `force` is set.
 *
 * @throws ProblemError `key.reused`, `suite.outdated`, `not.found`
 */
export async function requestEvaluation(
  env: Env,
  { project, keyId }: Pick<Caller, 'project' | 'keyId'>,
  request: EvaluationRequest,
  key?: string,
): Promise<StartedEvaluation> {
  const db = lineage(env.LINEAGE)
  const requested = contentHash(request)
  const evaluationId = key === undefined ? newId('eval') : evaluationIdOf(project, key)
  const known = key === undefined ? undefined : await env.EVALUATION_RUN.getByName(evaluationId).spec()
  if (known) return again(env, known, requested)
  const suiteRef = await resolveRef(db, project, kindOf('suite', request.suite))
  const source = await resolveRef(db, project, kindOf('dataset', request.dataset))
  const manifest = await datasetManifest(db, project, source)
  const suite = currentSuite((await getArtifact(db, project, suiteRef)).manifest)
  const { promptRef, ...candidate } = await findCandidate(env, project, request.candidate)
  const price = request.price ?? candidate.price
  const spec: EvaluationSpec = {
    ...candidate,
    project,
    evaluationId,
    mode: 'offline',
    source,
    suite,
    suiteRef,
    metrics: suite.metrics,
    headersMs: request.timeoutMs,
    createdBy: keyId,
    requested,
    notify: { nobody: true },
    ...(price ? { price } : {}),
    ...(request.concurrency === undefined ? {} : { concurrency: request.concurrency }),
    ...(request.force ? { forced: true } : {}),
  }
  const estimate = await estimateCost(env, spec, manifest)
  const of = { target: spec.target, source, suiteVersion: contentHash(suite) }
  const said = { target: spec.target, source, suite: suiteRef, estimate }
  // What asks a judge, a service or people may come to something else by now.
  const isSettled = isImmutable(spec.target) && suite.metrics.every(({ engine }) => engine === 'rule')
  const done = request.force || !isSettled ? undefined : await finishedEvaluation(db, project, of)
  if (done) return { evaluationId: done.evaluationId, status: 'finished', ...said }
  if (request.dryRun) return { evaluationId: null, status: 'planned', ...said }
  const chunks = datasetChunks(manifest, chunkRows(spec))
  const costs = estimate.candidateUsd === null && estimate.totalUsd === 0 ? null : estimate.totalUsd
  const started = await startEvaluation(env, spec, chunks, promptRef, Date.now(), costs)
  // Another request with the same key may have been the first.
  assertSame(started, requested)
  return { evaluationId, status: 'running', ...said }
}

/** The evaluation that the same key started before. */
async function again(env: Env, known: EvaluationSpec, requested: string): Promise<StartedEvaluation> {
  assertSame(known, requested)
  const { evaluationId, project, target, source, suiteRef } = known
  const manifest = await datasetManifest(lineage(env.LINEAGE), project, source)
  const { status } = await env.EVALUATION_RUN.getByName(evaluationId).progress()
  const estimate = await estimateCost(env, known, manifest)
  return { evaluationId, status, target, source, suite: suiteRef!, estimate }
}

function assertSame({ evaluationId, requested }: EvaluationSpec, asked: string): void {
  if (requested === asked) return
  throw new ProblemError(
    'key.reused',
    `The idempotency key started ${evaluationId} by another request; send a new key`,
  )
}

function evaluationIdOf(project: string, key: string): string {
  return `eval_${sha256Hex(`${project}\n${key}`).slice(0, 25)}`
}

function kindOf(kind: 'suite' | 'dataset', ref: string): string {
  if (ref.startsWith(`${kind}:`)) return ref
  throw new ProblemError('request.invalid', `${kind}: ${ref} is no ${kind}`, { field: kind })
}
