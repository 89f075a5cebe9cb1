import { and, desc, eq } from 'drizzle-orm'
import { sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import { parseRef } from '../../domain/ref.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { planOf, planWithoutEffects, sourcesToPin, type RunRecord } from '../../domain/workflow/plan.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { newId } from '../ids.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { workflowVersions } from '../lineage/schema.ts'
import { resolveRef } from '../registry/artifacts.ts'

export interface RunRequest {
  workflow: string
  /** Version of the workflow; the newest when absent. */
  version?: string | undefined
  inputs: Record<string, string>
  /** Idempotency key of the caller. */
  key?: string | undefined
}

export interface StartedRun {
  runId: string
  workflow: string
  workflowVersion: string
}

/** Pins every input to a version and starts the run. The same key starts one run, however often it is sent. */
export async function startRun(env: Env, caller: Caller, request: RunRequest): Promise<StartedRun> {
  const db = lineage(env.LINEAGE)
  const runId =
    request.key === undefined
      ? newId('run')
      : `run_${sha256Hex(`${caller.project}\n${request.key}`).slice(0, 25)}`
  const object = env.WORKFLOW_RUN.getByName(runId)
  const known = request.key === undefined ? undefined : await object.run()
  if (known) return started(known)
  const { definition, version } = await findWorkflow(db, caller.project, request)
  const run: RunRecord = {
    project: caller.project,
    runId,
    workflow: definition.name,
    workflowVersion: version,
    definition,
    plan: planOf(definition),
    pinned: await pinInputs(db, caller.project, definition, request.inputs),
    author: caller.keyId,
    codeSha: env.CODE_SHA,
    createdAt: Date.now(),
  }
  return started(await object.create(run))
}

/** The same definition and pinned inputs, without the stages that would change production or its monitors. */
export async function reproduceRun(env: Env, caller: Caller, past: RunRecord): Promise<StartedRun> {
  const run: RunRecord = {
    ...past,
    plan: planWithoutEffects(past.plan),
    runId: newId('run'),
    author: caller.keyId,
    codeSha: env.CODE_SHA,
    createdAt: Date.now(),
    reproduces: past.reproduces ?? { runId: past.runId, createdAt: past.createdAt },
  }
  return started(await env.WORKFLOW_RUN.getByName(run.runId).create(run))
}

function started({ runId, workflow, workflowVersion }: RunRecord): StartedRun {
  return { runId, workflow, workflowVersion }
}

async function findWorkflow(
  db: Lineage,
  project: string,
  { workflow, version }: RunRequest,
): Promise<{ definition: WorkflowDefinition; version: string }> {
  const [row] = await db
    .select()
    .from(workflowVersions)
    .where(
      and(
        eq(workflowVersions.projectId, project),
        eq(workflowVersions.workflow, workflow),
        ...(version === undefined ? [] : [eq(workflowVersions.version, version)]),
      ),
    )
    .orderBy(desc(workflowVersions.appliedAt))
    .limit(1)
  if (!row)
    throw new ProblemError(
      'not.found',
      `There is no workflow ${workflow}${version ? ` of version ${version}` : ''}`,
    )
  return { definition: row.definition as unknown as WorkflowDefinition, version: row.version }
}

async function pinInputs(
  db: Lineage,
  project: string,
  definition: WorkflowDefinition,
  given: Record<string, string>,
): Promise<Record<string, string>> {
  for (const name of Object.keys(given)) {
    if (!(name in definition.inputs)) {
      const known = Object.keys(definition.inputs).join(', ') || 'none'
      throw new ProblemError('run.inputs', `The workflow has no input ${name}; it has: ${known}`, {
        field: `inputs.${name}`,
      })
    }
  }
  const pinned: Record<string, string> = {}
  for (const source of sourcesToPin(definition)) {
    const name = source.startsWith('inputs.') ? source.slice('inputs.'.length) : undefined
    const ref = name === undefined ? source : (given[name] ?? definition.inputs[name]!.default)
    if (ref === undefined)
      throw new ProblemError('run.inputs', `The input ${name} has no value and no default`, {
        field: `inputs.${name}`,
      })
    const wanted = name === undefined ? undefined : definition.inputs[name]!.kind
    if (wanted && parseRef(ref).kind !== wanted) {
      throw new ProblemError('run.inputs', `The input ${name} takes a ${wanted}, not ${ref}`, {
        field: `inputs.${name}`,
      })
    }
    pinned[source] = await resolveRef(db, project, ref)
  }
  return pinned
}
