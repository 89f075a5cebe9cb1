import { createRoute, z } from '@hono/zod-openapi'
import { Json, jsonBytes } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { RunEvent } from '../../domain/run/event.ts'
import { TERMINAL_RUN } from '../../domain/run/state.ts'
import { Name } from '../../domain/ref.ts'
import { PortName } from '../../domain/workflow/source.ts'
import type { RunDescription } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { reproduceRun, rerun } from '../runs/start-run.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'
import { describeRun, RunId } from './run-view.ts'
import { IdempotencyKey, Started } from './runs.ts'

const Status = z.object({ status: z.string() })
const Reason = z.strictObject({ reason: z.string().min(1).max(500) })
/** Largest payload of a signal, in bytes of JSON. */
const MAX_PAYLOAD = 64_000

const cancel = createRoute({
  method: 'post',
  path: '/runs/{runId}/cancel',
  summary: 'Cancel a run; what took effect is undone',
  middleware: [requireScope('run')],
  request: { params: RunId, body: body(Reason) },
  responses: { 202: json(Status, 'The run’s status'), ...refusals },
})

const pause = createRoute({
  method: 'post',
  path: '/runs/{runId}/pause',
  summary: 'Start no further stage until the run is resumed; what is under way goes on',
  middleware: [requireScope('run')],
  request: { params: RunId, body: body(Reason) },
  responses: { 202: json(Status, 'The run’s status'), ...refusals },
})

const resume = createRoute({
  method: 'post',
  path: '/runs/{runId}/resume',
  summary: 'Go on with a paused run',
  middleware: [requireScope('run')],
  request: { params: RunId },
  responses: { 202: json(Status, 'The run’s status'), ...refusals },
})

const signal = createRoute({
  method: 'post',
  path: '/runs/{runId}/signals/{signal}',
  summary: 'Send a signal that stages may wait for; the first of a name counts',
  middleware: [requireScope('run')],
  request: {
    params: RunId.extend({ signal: PortName }),
    body: body(z.strictObject({ payload: Json.default(null) })),
  },
  responses: { 202: json(Status, 'The run’s status'), ...refusals },
})

const repeat = createRoute({
  method: 'post',
  path: '/runs/{runId}/rerun',
  summary: 'Run again from the stages that did not pass, or from the given ones; the others are taken over',
  middleware: [requireScope('run')],
  request: {
    params: RunId,
    headers: IdempotencyKey,
    body: body(z.strictObject({ from: z.array(Name).default([]) })),
  },
  responses: { 201: json(Started, 'The new run'), ...refusals },
})

const reproduce = createRoute({
  method: 'post',
  path: '/runs/{runId}/reproduce',
  summary: 'Execute a past run again from its pinned inputs, up to the stages that would change production',
  middleware: [requireScope('run')],
  request: { params: RunId, headers: IdempotencyKey },
  responses: { 201: json(Started, 'The new run'), ...refusals },
})

export const runControl = router()
  .openapi(cancel, async (c) => {
    const { runId } = c.req.valid('param')
    const { project, keyId } = c.get('caller')
    const { reason } = c.req.valid('json')
    await describeRun(c.env, project, runId)
    const event = { type: 'run.cancel_requested', actor: keyId, reason } as const
    const { status } = await c.env.WORKFLOW_RUN.getByName(runId).report([{ dedupeKey: 'cancel', event }])
    return c.json({ status: status! }, 202)
  })
  .openapi(pause, async (c) => {
    const { runId } = c.req.valid('param')
    const { project, keyId } = c.get('caller')
    const described = await liveRun(c.env, project, runId)
    const { reason } = c.req.valid('json')
    return c.json(await tell(c.env, described, { type: 'run.paused', actor: keyId, reason }), 202)
  })
  .openapi(resume, async (c) => {
    const { runId } = c.req.valid('param')
    const { project, keyId } = c.get('caller')
    const described = await liveRun(c.env, project, runId)
    return c.json(await tell(c.env, described, { type: 'run.resumed', actor: keyId }), 202)
  })
  .openapi(signal, async (c) => {
    const { runId, signal: name } = c.req.valid('param')
    const { project, keyId } = c.get('caller')
    const { payload } = c.req.valid('json')
    const bytes = jsonBytes(payload)
    if (bytes > MAX_PAYLOAD)
      throw new ProblemError(
        'body.too_large',
        `The payload is ${bytes} bytes; at most ${MAX_PAYLOAD} are taken`,
      )
    const described = await liveRun(c.env, project, runId)
    refuseUnknownSignal(described, name)
    const event = { type: 'run.signalled', signal: name, actor: keyId, payload } as const
    const run = c.env.WORKFLOW_RUN.getByName(runId)
    const { status } = await run.report([{ dedupeKey: `signal:${name}`, event }])
    return c.json({ status: status! }, 202)
  })
  .openapi(repeat, async (c) => {
    const { runId } = c.req.valid('param')
    const described = await describeRun(c.env, c.get('caller').project, runId)
    if (!TERMINAL_RUN.has(described.state.status))
      throw new ProblemError('run.live', `The run ${runId} is ${described.state.status}: cancel it first`)
    const key = c.req.valid('header')['idempotency-key']
    return c.json(await rerun(c.env, c.get('caller'), described, c.req.valid('json').from, key), 201)
  })
  .openapi(reproduce, async (c) => {
    const { runId } = c.req.valid('param')
    const { run } = await describeRun(c.env, c.get('caller').project, runId)
    const key = c.req.valid('header')['idempotency-key']
    return c.json(await reproduceRun(c.env, c.get('caller'), run, key), 201)
  })

/** A run that has not ended. */
async function liveRun(env: Env, project: string, runId: string): Promise<RunDescription> {
  const described = await describeRun(env, project, runId)
  if (TERMINAL_RUN.has(described.state.status))
    throw new ProblemError('run.terminal', `The run ${runId} has ${described.state.status}`)
  return described
}

/** A wish that may come again later: each is an event of its own. */
async function tell(env: Env, { run }: RunDescription, event: RunEvent): Promise<{ status: string }> {
  const dedupeKey = `${event.type}:${crypto.randomUUID()}`
  const { status } = await env.WORKFLOW_RUN.getByName(run.runId).report([{ dedupeKey, event }])
  return { status: status! }
}

function refuseUnknownSignal({ run }: RunDescription, name: string): void {
  const known = [...new Set(Object.values(run.plan).flatMap(({ waitFor }) => waitFor ?? []))]
  if (known.includes(name)) return
  const detail = `No stage of the run waits for the signal ${name}; they wait for: ${known.join(', ') || 'none'}`
  throw new ProblemError('not.found', detail, { field: 'signal' })
}
