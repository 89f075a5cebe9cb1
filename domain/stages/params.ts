import * as z from 'zod'
import { Json } from '../json.ts'
import { Name } from '../ref.ts'
import { RouteSettings, settingsProblems } from '../routing/route-settings.ts'
import type { StageKind } from './contracts.ts'

/** What stands under `with` in a stage, by kind. */
export const stageParams = {
  /** `name`: of the dataset that the stage makes. */
  ingest: z.strictObject({ name: Name }),
  clean: z.strictObject({ name: Name }),
  features: z.strictObject({
    name: Name,
    /** Share of rows without a `split` of their own that go to the golden set, chosen by a hash of the row id. */
    goldenShare: z.number().min(0).max(1).default(0.5),
  }),
  train: z.strictObject({
    /** A name in `TRAINING_ENDPOINTS`. */
    endpoint: z.string(),
    model: Name,
    baseModel: z.string(),
    hyperparameters: z
      .strictObject({
        rank: z.number().int().min(1).max(128).default(16),
        epochs: z.number().int().min(1).max(1000).default(12),
        learningRate: z.number().positive().default(0.02),
        seed: z.number().int().default(1),
      })
      .prefault({}),
  }),
  evaluate: z.strictObject({}),
  promote: z.strictObject({ alias: Name.default('production') }),
  deploy: z.strictObject({ route: Name, ...RouteSettings.shape }).superRefine((settings, context) => {
    for (const { path, message } of settingsProblems(settings))
      context.addIssue({ code: 'custom', path: path.split('.'), message })
  }),
  monitor: z.strictObject({
    /** Traces that a sweep samples, and the fewest it takes of a cohort that has them. */
    sample: z.number().int().min(1).max(5000).default(200),
    cohortFloor: z.number().int().min(1).max(1000).default(30),
    /** How far below its score at promotion a cohort may lie before it is flagged. */
    margins: z.record(z.string(), z.number().min(0).max(1)),
    /** Family-wise error of one sweep over cohorts × metrics. */
    alpha: z.number().positive().max(0.5).default(0.05),
  }),
  task: z.strictObject({
    /** A name in `TASK_ENDPOINTS`. */
    endpoint: z.string(),
    /** Sent as it stands. */
    params: z.record(z.string(), Json).default({}),
  }),
  workflow: z.strictObject({
    workflow: Name,
    /** The newest when absent, as of the start of the stage. */
    version: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be a version: 64 hex digits')
      .exactOptional(),
  }),
} satisfies Record<StageKind, z.ZodType>

export type StageParams<K extends StageKind> = z.infer<(typeof stageParams)[K]>
