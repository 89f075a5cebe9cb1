import type { WorkflowDefinition } from '../workflow/definition.ts'
import type { ArtifactAge } from './artifact-drift.ts'
import { productionDrift, type ProductionDrift, type ProductionRow } from './production-drift.ts'
import { runDrift, type PinnedRun, type RunDrift } from './run-drift.ts'
import { stagesDrift, type StageDrift, type StageWork } from './stage-drift.ts'

export interface DriftRows {
  definition: WorkflowDefinition
  version: string
  newestRun: PinnedRun | null
  work: readonly StageWork[]
  production: readonly ProductionRow[]
  artifacts: readonly ArtifactAge[]
}

export interface DriftReport {
  workflow: string
  version: string
  at: number
  sentence: string
  newestRun: RunDrift | null
  stages: StageDrift[]
  production: ProductionDrift[]
}

/** Stage drift: how far the inputs of what ran, and of what is in production, are behind what there is by now. */
export function driftReport(rows: DriftRows, now: number): DriftReport {
  const ages = new Map(rows.artifacts.map((age) => [age.ref, age]))
  const stages = stagesDrift(rows.definition, rows.work, ages, now)
  const production = rows.production.map((row) => productionDrift(row, ages, now))
  const drifting = stages.filter(({ drifts }) => drifts).map(({ stage }) => stage)
  const behind = production.filter(({ drifts }) => drifts).map(({ place }) => place)
  const found = [
    drifting.length > 0 && `Inputs are out of date in: ${drifting.join(', ')}`,
    behind.length > 0 && `Production is behind in: ${behind.join(', ')}`,
  ].filter((part) => part !== false)
  return {
    workflow: rows.definition.name,
    version: rows.version,
    at: now,
    sentence: found.length > 0 ? `${found.join('. ')}.` : 'Nothing that is known to have run has drifted.',
    newestRun: rows.newestRun && runDrift(rows.newestRun, ages, now),
    stages,
    production,
  }
}
