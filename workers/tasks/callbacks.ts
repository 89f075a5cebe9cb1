import { Hono } from 'hono'
import { ProblemError } from '../../domain/problem.ts'
import { attemptFailed, produced } from '../../domain/run/report.ts'
import { MAX_OUTPUT_BYTES, TaskCallback } from '../../domain/task/contract.ts'
import { claimedJob, verifySignature } from '../endpoints/callback.ts'
import { verifyJobToken } from '../endpoints/job-token.ts'
import { readLimited } from '../endpoints/read-limited.ts'
import { EndpointConfig, namedEndpoint } from '../endpoints/named-endpoint.ts'
import type { Env } from '../env.ts'
import { paramsOf } from '../stages/executor.ts'
import type { TaskResult } from '../../domain/task/result.ts'
import { succeeded } from './send-task.ts'
import { mapRunOf } from './start-map.ts'

/** Largest callback, in bytes: a task's outputs, and what stands around them. */
const MAX_CALLBACK_BYTES = 2 * MAX_OUTPUT_BYTES

/** What a task endpoint calls that did not answer at once: its progress and its result. */
export const taskCallbacks = new Hono<{ Bindings: Env }>().post('/', async (c) => {
  const claims = await verifyJobToken(c.env, 'task', c.req.header('authorization'))
  const body = new TextDecoder().decode(await readLimited(c.req.raw, MAX_CALLBACK_BYTES, 'The callback'))
  const job = await claimedJob(c.env, claims)
  const { endpoint } = paramsOf('task', job)
  const { signingSecret } = namedEndpoint(c.env, 'TASK_ENDPOINTS', EndpointConfig, endpoint)
  verifySignature(signingSecret, c.req.header(), body)
  const parsed = TaskCallback.safeParse(JSON.parse(body))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new ProblemError('request.invalid', `${issue.path.join('.')}: ${issue.message}`)
  }
  const callback = parsed.data
  const run = c.env.WORKFLOW_RUN.getByName(claims.runId)
  if (callback.type === 'task.heartbeat') {
    await run.heartbeat(claims.stage, claims.attempt, callback.progress, callback.message)
    return c.json({ accepted: true })
  }
  const result: TaskResult =
    callback.type === 'task.succeeded'
      ? await succeeded(c.env, job, callback.outputs)
      : { status: 'failed', error: callback.error, retryable: callback.error.retryable }
  if (claims.item !== undefined)
    await mapRunOf(c.env, claims).report([{ index: claims.item, attempt: claims.itemAttempt ?? 1, result }])
  else if (result.status === 'succeeded') await run.report([produced(claims, result.outputs)])
  else if (result.status === 'failed')
    await run.report([attemptFailed(claims, result.error, result.retryable)])
  return c.json({ accepted: true })
})
