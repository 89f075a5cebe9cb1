import * as z from 'zod'

/**
 * The HTTP contract between Sluice and an external training endpoint.
 *
 * Sluice → endpoint: `POST {endpoint}/v1/training/jobs` with a `TrainingJob`, signed by Standard Webhooks
 * (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`; https://www.standardwebhooks.com). A second POST with
 * the same `job_id` answers as the first did and starts nothing. `DELETE /v1/training/jobs/{job_id}`, signed, cancels.
 *
 * Endpoint → Sluice, each with `Authorization: Bearer {token}`:
 * `GET shard.url` (gzip NDJSON, one dataset row a line), `PUT artifact.upload_url` (the bytes, header
 * `x-content-sha256`), `POST callback_url` with a `TrainingCallback`, signed by Standard Webhooks with the same secret.
 */
export const TrainingJob = z.object({
  job_id: z.string(),
  /** Name of the model to make, for example `support-agent`. */
  model: z.string(),
  base_model: z.string(),
  method: z.literal('lora'),
  hyperparameters: z.object({
    rank: z.number().int().min(1).max(128),
    epochs: z.number().int().min(1).max(1000),
    learning_rate: z.number().positive(),
    seed: z.number().int(),
  }),
  dataset: z.object({
    ref: z.string(),
    rows: z.number().int(),
    shards: z.array(z.object({ url: z.string(), sha256: z.string(), rows: z.number().int() })),
  }),
  artifact: z.object({ upload_url: z.string(), max_bytes: z.number().int() }),
  callback_url: z.string(),
  /** Capability for this job alone: reads its shards, uploads its artifact, calls back. */
  token: z.string(),
  heartbeat_seconds: z.number().positive(),
})
export type TrainingJob = z.infer<typeof TrainingJob>

export const TrainingHeartbeat = z.object({
  type: z.literal('training.heartbeat'),
  job_id: z.string(),
  progress: z.number().min(0).max(1),
  message: z.string().max(2000),
})

export const TrainingSucceeded = z.object({
  type: z.literal('training.succeeded'),
  job_id: z.string(),
  artifact: z.object({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.number().int(),
    format: z.literal('safetensors'),
  }),
  /** Where the adapter answers `POST {base_url}/chat/completions`, and under which model id. */
  serving: z.object({ base_url: z.url(), model: z.string() }),
  metrics: z.record(z.string(), z.number()),
  /** What the endpoint is and trained on, in its own words. */
  hardware: z.string(),
  seconds: z.number(),
})

export const TrainingFailed = z.object({
  type: z.literal('training.failed'),
  job_id: z.string(),
  error: z.object({ code: z.string(), message: z.string().max(2000), retryable: z.boolean() }),
})

export const TrainingCallback = z.discriminatedUnion('type', [
  TrainingHeartbeat,
  TrainingSucceeded,
  TrainingFailed,
])
export type TrainingCallback = z.infer<typeof TrainingCallback>
