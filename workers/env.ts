import type { EvaluationRun } from '../durable-objects/evaluation-run.ts'
import type { GateLock } from '../durable-objects/gate-lock.ts'
import type { MapRun } from '../durable-objects/map-run.ts'
import type { RouteRegistry } from '../durable-objects/route-registry.ts'
import type { SlotPool } from '../durable-objects/slot-pool.ts'
import type { WorkflowRun } from '../durable-objects/workflow-run.ts'
import type { EvaluationMessage } from './evaluation/message.ts'
import type { SpansMessage } from './ingest/spans.ts'
import type { StageMessage } from './stages/message.ts'
import type { ItemsMessage } from './tasks/message.ts'

/**
 * Durable Objects by name, with their public methods as they are called: asynchronously. Workers' own stub types follow
 * every returned value into its depths, which does not end for JSON.
 */
export interface ObjectNamespace<T> {
  getByName(name: string): {
    [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (
      ...args: infer A
    ) => infer R
      ? (...args: A) => Promise<Awaited<R>>
      : never
  }
}

/** The bindings of wrangler.toml, and the secrets. */
export interface Env {
  LINEAGE: D1Database
  ARTIFACTS: R2Bucket
  WORKFLOW_RUN: ObjectNamespace<WorkflowRun>
  GATE_LOCK: ObjectNamespace<GateLock>
  EVALUATION_RUN: ObjectNamespace<EvaluationRun>
  ROUTE_REGISTRY: ObjectNamespace<RouteRegistry>
  MAP_RUN: ObjectNamespace<MapRun>
  SLOT_POOL: ObjectNamespace<SlotPool>
  STAGES: Queue<StageMessage>
  EVALUATION: Queue<EvaluationMessage>
  ITEMS: Queue<ItemsMessage>
  SPANS: Queue<SpansMessage>
  DEAD_LETTERS: Queue
  /** Workers AI, where it is bound: for judges named `workers-ai:MODEL`. */
  AI?: {
    run(model: string, inputs: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<unknown>
  }
  TRAINING_ENDPOINTS: string
  TASK_ENDPOINTS: string
  JUDGE_ENDPOINTS: string
  EVALUATOR_ENDPOINTS: string
  /** Where the secret of a hosted model may be sent, as JSON: `{"NAME": ["https://host"]}`. */
  SECRET_ORIGINS?: string
  POOLS: string
  PUBLIC_URL: string
  CODE_SHA: string
  /** Secret. The first admin key of the project `default`; use it to make keys with fewer scopes. */
  BOOTSTRAP_ADMIN_KEY?: string
  /** Secret. Signs the job tokens and attestations that Sluice gives out. */
  SIGNING_KEY: string
}

/** A Worker secret by name: what `secret` in a route target or training endpoint points at. */
export function secretByName(env: Env, name: string): string | undefined {
  const value = (env as unknown as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}
