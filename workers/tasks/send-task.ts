import { MAX_OUTPUT_BYTES, TaskAnswer, type Task } from '../../domain/task/contract.ts'
import type { ItemAttempt, TaskItem, TaskResult } from '../../domain/task/result.ts'
import { ProblemError } from '../../domain/problem.ts'
import { jsonBytes, type Json } from '../../domain/json.ts'
import { isVersion, parseRef, Ref } from '../../domain/ref.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import { EndpointConfig, namedEndpoint } from '../endpoints/named-endpoint.ts'
import { signJobToken } from '../endpoints/job-token.ts'
import { readLimited } from '../endpoints/read-limited.ts'
import { signedFetch } from '../endpoints/signed-fetch.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { findArtifact } from '../registry/artifacts.ts'
import { paramsOf } from '../stages/executor.ts'

/** Largest answer to a task, in bytes: its outputs, and what stands around them. */
const MAX_ANSWER_BYTES = 2 * MAX_OUTPUT_BYTES
/** How long a token outlives the timeout of its stage, in seconds: a late callback is told that it is late. */
const TOKEN_GRACE_SECONDS = 600

/** One task for each attempt, and item of it: the endpoint knows a repetition by its id. */
export function taskIdOf({ run, stage, attempt }: StageContext, item?: ItemAttempt): string {
  return [run.runId, stage, attempt, ...(item === undefined ? [] : [item.index, item.attempt])].join('.')
}

/** Sends a task, signed, and answers what came of it. What the endpoint gives is what the stage says it gives. */
export async function sendTask(env: Env, job: StageContext, item?: TaskItem): Promise<TaskResult> {
  const { endpoint: name } = paramsOf('task', job)
  const endpoint = namedEndpoint(env, 'TASK_ENDPOINTS', EndpointConfig, name)
  const task = await taskOf(env, job, item)
  const response = await signedFetch(endpoint, {
    method: 'POST',
    path: '/v1/tasks',
    messageId: task.task_id,
    body: JSON.stringify(task),
    refusal: 'task.endpoint',
  })
  const text = new TextDecoder().decode(
    await readLimited(response, MAX_ANSWER_BYTES, `The answer of ${name}`),
  )
  if (!response.ok) {
    const message = `${name} answered HTTP ${response.status} to the task: ${text.slice(0, 300)}`
    return failed('task.endpoint', message, response.status >= 500 || response.status === 429)
  }
  const answer = TaskAnswer.safeParse(parseJson(text))
  if (!answer.success)
    return failed('task.endpoint', `${name} gave an answer that is none: ${text.slice(0, 300)}`, true)
  switch (answer.data.status) {
    case 'accepted':
      return { status: 'accepted' }
    case 'failed':
      return failed(answer.data.error.code, answer.data.error.message, answer.data.error.retryable)
    case 'succeeded':
      return succeeded(env, job, answer.data.outputs)
  }
}

/** Stops what an attempt, or an item of it, started. */
export async function cancelTask(env: Env, job: StageContext, item?: ItemAttempt): Promise<void> {
  const endpoint = namedEndpoint(env, 'TASK_ENDPOINTS', EndpointConfig, paramsOf('task', job).endpoint)
  const taskId = taskIdOf(job, item)
  await signedFetch(endpoint, {
    method: 'DELETE',
    path: `/v1/tasks/${encodeURIComponent(taskId)}`,
    messageId: `cancel.${taskId}`,
    body: '',
    refusal: 'task.endpoint',
  })
}

/** The outputs that the stage declares, of the kinds that it declares; or why what was given is not that. */
export async function succeeded(
  env: Env,
  { run, definition }: Pick<StageContext, 'run' | 'definition'>,
  given: Record<string, Json>,
): Promise<TaskResult> {
  const outputs: Record<string, Json> = {}
  for (const [name, kind] of Object.entries(definition.outputs ?? {})) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined) return failed('task.outputs', `The output ${name} is missing`, false)
    const fault = isArtifact(kind) && (await faultOfRef(env, run.project, kind, value))
    if (fault) return failed('task.outputs', `The output ${name} ${fault}`, false)
    outputs[name] = value
  }
  const bytes = jsonBytes(outputs)
  if (bytes > MAX_OUTPUT_BYTES) {
    const message = `The outputs are ${bytes} bytes of JSON; at most ${MAX_OUTPUT_BYTES} are taken: store more elsewhere and give its address`
    return failed('task.outputs', message, false)
  }
  return { status: 'succeeded', outputs }
}

/** What is wrong with a ref that is to be an artifact: an alias may point elsewhere tomorrow. */
async function faultOfRef(env: Env, project: string, kind: string, value: Json): Promise<string | undefined> {
  const ref = Ref.safeParse(value)
  const shown = JSON.stringify(value).slice(0, 100)
  if (!ref.success || parseRef(ref.data).kind !== kind) return `must be a ${kind} ref, not ${shown}`
  if (!isVersion(parseRef(ref.data).version)) return `must name a version, not an alias: ${shown}`
  if (!(await findArtifact(lineage(env.LINEAGE), project, ref.data))) return `is not registered: ${shown}`
  return undefined
}

function isArtifact(kind: string): boolean {
  return kind === 'dataset' || kind === 'model' || kind === 'prompt' || kind === 'suite' || kind === 'route'
}

function failed(code: string, message: string, retryable: boolean): TaskResult {
  return { status: 'failed', error: { code, message }, retryable }
}

async function taskOf(env: Env, job: StageContext, item?: TaskItem): Promise<Task> {
  const { run, stage, attempt, inputs, definition } = job
  const claims = {
    project: run.project,
    runId: run.runId,
    stage,
    attempt,
    ...(item === undefined ? {} : { item: item.index, itemAttempt: item.attempt }),
    exp: Math.floor(Date.now() / 1000) + definition.timeoutSeconds + TOKEN_GRACE_SECONDS,
  }
  return {
    task_id: taskIdOf(job, item),
    run_id: run.runId,
    stage,
    attempt,
    inputs,
    params: paramsOf('task', job).params,
    ...(item === undefined ? {} : { item: { index: item.index, value: item.value } }),
    callback_url: `${env.PUBLIC_URL}/api/v1/callbacks/tasks`,
    token: await signJobToken(env, 'task', claims),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an error thrown on the way says, for whoever asked for the task. */
export function thrown(error: unknown): TaskResult {
  if (error instanceof ProblemError) return failed(error.code, error.message, error.status >= 500)
  return failed('internal', error instanceof Error ? error.message : String(error), true)
}
