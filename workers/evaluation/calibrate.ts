import { calibrate } from '../../domain/calibration/calibrate.ts'
import type { LabelledScore } from '../../domain/calibration/labelled.ts'
import { metricEvaluator, type Suite } from '../../domain/evaluation/suite.ts'
import { scoreOfLabels } from '../../domain/evaluators/human-label.ts'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { parseRef } from '../../domain/ref.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { newId } from '../ids.ts'
import { lineage } from '../lineage/db.ts'
import { calibrations } from '../lineage/schema.ts'
import { registerArtifact } from '../registry/artifacts.ts'
import type { CalibrationManifest } from './calibrations.ts'
import { getEvaluation } from './get-evaluation.ts'
import { scoreShards } from './paired-rows.ts'
import { humanLabels } from './row-scores.ts'

/** From which label on people found a row good. */
const GOOD_FROM = 0.5

/** Scores of an evaluation's metric against people's labels: given ones by row, else those that were added to its rows. */
interface OfEvaluation {
  evaluationId: string
  metric: string
  labels?: readonly { rowId: string; label: number }[] | undefined
  /** Name under which people labelled; the metric's own when absent. */
  labelName?: string | undefined
}

/** Scores and labels as they are given. */
interface OfPairs {
  evaluator: string
  pairs: readonly { score: number; label: number; cohort?: string | undefined }[]
}

export type CalibrationRequest = (OfEvaluation | OfPairs) & {
  /** Holds for this dataset, or for any when null; for the evaluation's own when absent. */
  dataset?: string | null | undefined
  seed: number
}

interface Labelled {
  evaluator: string
  dataset: string | null
  evaluationId: string | null
  rows: LabelledScore[]
  unscored: number
}

/**
 * Calibrates an evaluator and keeps what was found, as an artifact.
 *
 * @throws ProblemError `not.found`, `calibration.labels`
 */
export async function calibrateEvaluator(
  env: Env,
  { project, keyId }: Caller,
  request: CalibrationRequest,
  now: number,
) {
  const { rows, ...labelled } = await labelledScores(env, project, request)
  const found = calibrate(rows, request.seed)
  if ('error' in found) {
    const unscored = labelled.unscored > 0 ? `; ${labelled.unscored} labelled rows have no score` : ''
    throw new ProblemError('calibration.labels', `${found.error}${unscored}`)
  }
  const dataset = request.dataset === undefined ? labelled.dataset : request.dataset
  const manifest: CalibrationManifest = { ...found, ...labelled, dataset }
  const db = lineage(env.LINEAGE)
  const artifactRef = await registerArtifact(db, {
    project,
    kind: 'calibration',
    name: artifactName(labelled.evaluator, dataset),
    version: contentHash(manifest),
    manifest: manifest as unknown as Json,
    codeSha: env.CODE_SHA,
    createdBy: keyId,
    at: now,
  })
  const row = {
    calibrationId: newId('cal', now),
    projectId: project,
    evaluator: labelled.evaluator,
    dataset,
    artifactRef,
    threshold: found.threshold,
    createdBy: keyId,
    createdAt: now,
  }
  await db.insert(calibrations).values(row)
  return { row, manifest }
}

async function labelledScores(env: Env, project: string, request: CalibrationRequest): Promise<Labelled> {
  if ('evaluationId' in request) return ofEvaluation(env, project, request)
  const rows = request.pairs.map(({ score, label, cohort }) => ({
    score,
    good: label >= GOOD_FROM,
    ...(cohort === undefined ? {} : { cohort }),
  }))
  return { evaluator: request.evaluator, dataset: null, evaluationId: null, rows, unscored: 0 }
}

async function ofEvaluation(
  env: Env,
  project: string,
  { evaluationId, metric, labels, labelName = metric }: OfEvaluation,
): Promise<Labelled> {
  const db = lineage(env.LINEAGE)
  const { suite, source } = await getEvaluation(db, project, evaluationId)
  const measured = (suite as unknown as Suite).metrics.find((each) => each.metric === metric)
  if (!measured) {
    const known = (suite as unknown as Suite).metrics.map((each) => each.metric).join(', ')
    throw new ProblemError(
      'not.found',
      `The evaluation ${evaluationId} has no metric ${metric}; it has ${known}`,
    )
  }
  const dataset = source.startsWith('dataset:') ? parseRef(source).name : null
  const goodOf = new Map(
    labels?.map(({ rowId, label }) => [rowId, label >= GOOD_FROM]) ??
      (dataset === null
        ? []
        : byRow(await humanLabels(db, project, { evaluationId, dataset, name: labelName }))),
  )
  const rows: LabelledScore[] = []
  for await (const shard of scoreShards(env, project, evaluationId)) {
    for (const { rowId, cohort, scores } of shard) {
      const [good, scored] = [goodOf.get(rowId), scores[metric]]
      if (good !== undefined && scored && 'score' in scored) rows.push({ score: scored.score, good, cohort })
    }
  }
  const unscored = goodOf.size - rows.length
  return { evaluator: metricEvaluator(measured), dataset, evaluationId, rows, unscored }
}

/** Whether people found each row good: the mean of the newest that each said. */
function byRow(labels: Awaited<ReturnType<typeof humanLabels>>): [rowId: string, good: boolean][] {
  const rows = Map.groupBy(labels, ({ rowId }) => rowId)
  return [...rows].flatMap(([rowId, said]) => {
    const scored = scoreOfLabels(said)
    return 'score' in scored ? [[rowId, scored.score >= GOOD_FROM] as [string, boolean]] : []
  })
}

/** `Groundedness:judge@1` of the dataset `support` is `groundedness.judge.1.support`. */
function artifactName(evaluator: string, dataset: string | null): string {
  const name = evaluator.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '.')
  return `${name}${dataset === null ? '' : `.${dataset}`}`.slice(0, 80)
}
