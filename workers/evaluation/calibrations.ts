import { and, asc, desc, eq, isNull, lt, or } from 'drizzle-orm'
import type { Calibration } from '../../domain/calibration/calibrate.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Lineage } from '../lineage/db.ts'
import { calibrations } from '../lineage/schema.ts'
import { getArtifact } from '../registry/artifacts.ts'

/** What a calibration found, and on what: the manifest of its artifact. */
export interface CalibrationManifest extends Calibration {
  evaluator: string
  dataset: string | null
  /** Where scores and labels were taken from; null for those that were given. */
  evaluationId: string | null
  /** Labelled rows without a score. */
  unscored: number
}

export interface LatestCalibration {
  calibrationId: string
  threshold: number
  /** Null for one that holds for any dataset of the project. */
  dataset: string | null
  artifactRef: string
  createdAt: number
}

/** The newest calibration of each evaluator by its id: one of the dataset itself before one that holds for any. */
export async function latestCalibrations(
  db: Lineage,
  project: string,
  dataset: string | null,
): Promise<Map<string, LatestCalibration>> {
  const holds =
    dataset === null
      ? isNull(calibrations.dataset)
      : or(isNull(calibrations.dataset), eq(calibrations.dataset, dataset))
  const rows = await db
    .select()
    .from(calibrations)
    .where(and(eq(calibrations.projectId, project), holds))
    .orderBy(asc(calibrations.createdAt), asc(calibrations.calibrationId))
  const anyFirst = [
    ...rows.filter((row) => row.dataset === null),
    ...rows.filter((row) => row.dataset !== null),
  ]
  return new Map(
    anyFirst.map(({ evaluator, calibrationId, threshold, dataset: of, artifactRef, createdAt }) => [
      evaluator,
      { calibrationId, threshold, dataset: of, artifactRef, createdAt },
    ]),
  )
}

/**
 * From which score on a row of a cohort passes: where the calibration had labels enough of that cohort, its own threshold,
 * since scores shift with the style of replies.
 */
export async function thresholdsByCohort(
  db: Lineage,
  project: string,
  { artifactRef }: Pick<LatestCalibration, 'artifactRef'>,
): Promise<Record<string, number>> {
  const { manifest } = await getArtifact(db, project, artifactRef)
  const { cohorts } = manifest as unknown as CalibrationManifest
  return Object.fromEntries(Object.entries(cohorts).map(([cohort, { threshold }]) => [cohort, threshold]))
}

export function listCalibrations(
  db: Lineage,
  project: string,
  filter: { before: number; limit: number; evaluator?: string | undefined; dataset?: string | undefined },
) {
  return db
    .select()
    .from(calibrations)
    .where(
      and(
        eq(calibrations.projectId, project),
        lt(calibrations.createdAt, filter.before),
        filter.evaluator === undefined ? undefined : eq(calibrations.evaluator, filter.evaluator),
        filter.dataset === undefined ? undefined : eq(calibrations.dataset, filter.dataset),
      ),
    )
    .orderBy(desc(calibrations.createdAt), desc(calibrations.calibrationId))
    .limit(filter.limit)
}

/**
 * A calibration with all that it found.
 *
 * @throws ProblemError `not.found`
 */
export async function readCalibration(db: Lineage, project: string, calibrationId: string) {
  const [row] = await db
    .select()
    .from(calibrations)
    .where(and(eq(calibrations.projectId, project), eq(calibrations.calibrationId, calibrationId)))
  if (!row) throw new ProblemError('not.found', `There is no calibration ${calibrationId}`)
  const { manifest } = await getArtifact(db, project, row.artifactRef)
  return { row, manifest: manifest as unknown as CalibrationManifest }
}
