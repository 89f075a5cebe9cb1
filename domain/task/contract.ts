import * as z from 'zod'
import { Json } from '../json.ts'

/**
 * What Sluice and an external task endpoint say to each other. Both sides sign what they send by the Standard Webhooks
 * specification (https://www.standardwebhooks.com); the token is a capability for one task alone.
 *
 * `POST {url}/v1/tasks` is answered with a result at once (HTTP 200), or with `accepted` (HTTP 202) and a callback later.
 * A task is sent at least once: its id tells a repetition. `DELETE {url}/v1/tasks/{task_id}` stops it.
 */
export const Task = z.object({
  /** `RUN.STAGE.ATTEMPT`, and `.ITEM.TRY` for an item of a mapped stage, which is tried again by itself. */
  task_id: z.string(),
  run_id: z.string(),
  stage: z.string(),
  attempt: z.number().int(),
  /** Refs of artifacts and plain values, by the names of the stage's inputs. */
  inputs: z.record(z.string(), Json),
  params: z.record(z.string(), Json),
  /** The item of the list, and its place in it, where the stage is mapped. */
  item: z.object({ index: z.number().int(), value: Json }).exactOptional(),
  callback_url: z.string(),
  token: z.string(),
})
export type Task = z.infer<typeof Task>

export const TaskFailure = z.object({
  code: z.string().min(1).max(200),
  message: z.string().max(2000),
  retryable: z.boolean(),
})

const Outputs = z.record(z.string(), Json)

/** The answer to a task. */
export const TaskAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted') }),
  z.object({ status: z.literal('succeeded'), outputs: Outputs }),
  z.object({ status: z.literal('failed'), error: TaskFailure }),
])
export type TaskAnswer = z.infer<typeof TaskAnswer>

/** What an endpoint that took its time calls back with. */
export const TaskCallback = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('task.heartbeat'),
    task_id: z.string(),
    progress: z.number().min(0).max(1),
    message: z.string().max(2000),
  }),
  z.object({ type: z.literal('task.succeeded'), task_id: z.string(), outputs: Outputs }),
  z.object({ type: z.literal('task.failed'), task_id: z.string(), error: TaskFailure }),
])
export type TaskCallback = z.infer<typeof TaskCallback>

/** Largest JSON that a task may give, in bytes: outputs are part of the run's state. */
export const MAX_OUTPUT_BYTES = 256_000
/** Largest JSON of all outputs of a run together, in bytes: a row of its database holds at most 2 MB. */
export const MAX_RUN_OUTPUT_BYTES = 1_200_000
