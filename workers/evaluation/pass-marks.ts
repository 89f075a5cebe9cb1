import type { EvaluationSpec, PassMark } from '../../domain/evaluation/spec.ts'
import { DEFAULT_PASS_AT, metricEvaluator } from '../../domain/evaluation/suite.ts'
import { parseRef } from '../../domain/ref.ts'
import type { Lineage } from '../lineage/db.ts'
import { latestCalibrations } from './calibrations.ts'

/** From which score on a row passes, by metric: as the suite says, else as a calibration found, else the middle. */
export async function passMarksFor(
  db: Lineage,
  { project, source, metrics }: Pick<EvaluationSpec, 'project' | 'source' | 'metrics'>,
): Promise<Record<string, PassMark>> {
  const dataset = source.startsWith('dataset:') ? parseRef(source).name : null
  const calibrated = await latestCalibrations(db, project, dataset)
  return Object.fromEntries(
    metrics.map((metric): [string, PassMark] => {
      if (metric.passAt !== undefined) return [metric.metric, { at: metric.passAt, from: 'suite' }]
      const found = calibrated.get(metricEvaluator(metric))
      const mark: PassMark = found
        ? { at: found.threshold, from: found.calibrationId as `cal_${string}` }
        : { at: DEFAULT_PASS_AT, from: 'default' }
      return [metric.metric, mark]
    }),
  )
}
