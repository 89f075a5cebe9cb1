/**
 * The lineage database: every table of D1. Each key is named by its noun (`run_id`, never `id`), since drizzle's
 * `batch` maps joined columns of equal names onto each other. Times are milliseconds since the epoch.
 */
export * from './schema/projects.ts'
export * from './schema/registry.ts'
export * from './schema/runs.ts'
export * from './schema/gates.ts'
export * from './schema/evaluation.ts'
export * from './schema/monitoring.ts'
export * from './schema/triggers.ts'
