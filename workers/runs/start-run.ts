import { contentHash, sha256Hex } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { RunState } from '../../domain/run/state.ts'
import {
  keptStages,
  planOf,
  planWithoutEffects,
  type RunCause,
  type RunRecord,
} from '../../domain/workflow/plan.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { newId } from '../ids.ts'
import { lineage } from '../lineage/db.ts'
import { findWorkflow } from '../registry/workflow-versions.ts'
import { pinInputs } from './pin-inputs.ts'

/** Who starts a run, or what: the id is what the audit log names. */
export type Starter = Pick<Caller, 'project' | 'keyId'>

export interface RunRequest {
  workflow: string
  /** Version of the workflow; the newest when absent. */
  version?: string | undefined
  /** Refs of artifacts, and values, by name. */
  inputs: Record<string, Json>
  /** Idempotency key of the caller. */
  key?: string | undefined
  /** Why there is a run; a request when absent. */
  cause?: RunCause
  priority?: number | undefined
  /** Stages that take over no earlier work; true for all. */
  force?: readonly string[] | true | undefined
}

export interface StartedRun {
  runId: string
  workflow: string
  workflowVersion: string
}

/**
 * Pins every input to a version and starts the run. The same key starts one run, however often it is sent.
 *
 * @throws ProblemError `key.reused` when the key was sent with another request before
 */
export async function startRun(env: Env, starter: Starter, request: RunRequest): Promise<StartedRun> {
  const db = lineage(env.LINEAGE)
  const runId = request.key === undefined ? newId('run') : runIdOf(starter.project, request.key)
  const object = env.WORKFLOW_RUN.getByName(runId)
  const known = request.key === undefined ? undefined : await object.run()
  if (known) return sameRequest(known, request)
  const { definition, version } = await findWorkflow(db, starter.project, request.workflow, request.version)
  const force = request.force === true ? Object.keys(definition.stages) : (request.force ?? [])
  for (const stage of force) {
    if (!Object.hasOwn(definition.stages, stage))
      throw new ProblemError('run.inputs', `There is no stage ${stage} to force`, { field: 'force' })
  }
  const { pinned, values } = await pinInputs(db, starter.project, definition, request.inputs)
  const run: RunRecord = {
    project: starter.project,
    runId,
    workflow: definition.name,
    workflowVersion: version,
    definition,
    plan: planOf(definition, values),
    pinned,
    values,
    author: starter.keyId,
    codeSha: env.CODE_SHA,
    createdAt: Date.now(),
    cause: request.cause ?? { by: 'request' },
    priority: request.priority ?? 0,
    force,
    ...(request.key === undefined ? {} : { requested: requestHash(request) }),
  }
  return sameRequest(await object.create(run), request)
}

/** The run that an idempotency key starts. */
export function runIdOf(project: string, key: string): string {
  return `run_${sha256Hex(`${project}\n${key}`).slice(0, 25)}`
}

/** The same definition and pinned inputs, without the stages that would change production or its monitors. */
export async function reproduceRun(
  env: Env,
  starter: Starter,
  past: RunRecord,
  key?: string,
): Promise<StartedRun> {
  const { kept: _, ...same } = past
  const run: RunRecord = {
    ...same,
    ...anew(env, starter, key && `reproduce/${past.runId}/${key}`),
    plan: planWithoutEffects(past.plan),
    cause: { by: 'request' },
    reproduces: past.reproduces ?? { runId: past.runId, createdAt: past.createdAt },
  }
  return started(await env.WORKFLOW_RUN.getByName(run.runId).create(run))
}

/**
 * The same definition and pinned inputs again, from the given stages, or from those that had not passed. What passed
 * before them is taken over with its verdicts; what changes production is done again.
 */
export async function rerun(
  env: Env,
  starter: Starter,
  { run: past, state }: { run: RunRecord; state: RunState },
  from: readonly string[] = [],
  key?: string,
): Promise<StartedRun> {
  for (const stage of from) {
    if (!Object.hasOwn(past.plan, stage))
      throw new ProblemError('run.inputs', `The run has no stage ${stage}`, { field: 'from' })
  }
  const run: RunRecord = {
    ...past,
    ...anew(env, starter, key && `rerun/${past.runId}/${key}`),
    cause: { by: 'rerun', runId: past.runId, from },
    kept: keptStages(past, state, from),
  }
  return started(await env.WORKFLOW_RUN.getByName(run.runId).create(run))
}

function anew(env: Env, { project, keyId }: Starter, key: string | undefined) {
  const runId = key === undefined ? newId('run') : runIdOf(project, key)
  return { runId, author: keyId, codeSha: env.CODE_SHA, createdAt: Date.now() }
}

function sameRequest(run: RunRecord, request: RunRequest): StartedRun {
  if (run.requested !== undefined && run.requested !== requestHash(request)) {
    throw new ProblemError(
      'key.reused',
      `The idempotency key started ${run.runId} with another workflow or other inputs; send a new key`,
    )
  }
  return started(run)
}

function requestHash({ workflow, version, inputs, priority, force }: RunRequest): string {
  return contentHash([workflow, version ?? null, inputs, priority ?? 0, force ?? []])
}

function started({ runId, workflow, workflowVersion }: RunRecord): StartedRun {
  return { runId, workflow, workflowVersion }
}
