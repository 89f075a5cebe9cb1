import type { EvaluationSpec, PassMark } from '../../domain/evaluation/spec.ts'
import { DEFAULT_PASS_AT, metricEvaluator, type SuiteMetric } from '../../domain/evaluation/suite.ts'
import { parseRef } from '../../domain/ref.ts'
import type { Lineage } from '../lineage/db.ts'
import { latestCalibrations, thresholdsByCohort } from './calibrations.ts'

/** From which score on a row passes, by metric and cohort: as the suite says, else as a calibration found, else the middle. */
export async function passMarksFor(
  db: Lineage,
  { project, source, metrics }: Pick<EvaluationSpec, 'project' | 'source' | 'metrics'>,
): Promise<Record<string, PassMark>> {
  const dataset = source.startsWith('dataset:') ? parseRef(source).name : null
  const calibrated = await latestCalibrations(db, project, dataset)
  const markOf = async (metric: SuiteMetric): Promise<PassMark> => {
    if (metric.passAt !== undefined) return { at: metric.passAt, from: 'suite' }
    const found = calibrated.get(metricEvaluator(metric))
    if (!found) return { at: DEFAULT_PASS_AT, from: 'default' }
    const cohorts = await thresholdsByCohort(db, project, found)
    const from = found.calibrationId as `cal_${string}`
    return { at: found.threshold, from, ...(Object.keys(cohorts).length > 0 ? { cohorts } : {}) }
  }
  const marks = await Promise.all(
    metrics.map(async (metric) => [metric.metric, await markOf(metric)] as const),
  )
  return Object.fromEntries(marks)
}
