import type { TrainingJob } from '../../domain/training/contract.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { datasetManifest } from '../registry/datasets.ts'
import { inputOf, type StageJob } from '../stages/executor.ts'
import { signJobToken } from '../endpoints/job-token.ts'
import { signedFetch } from '../endpoints/signed-fetch.ts'
import { trainingEndpoint } from './endpoints.ts'

/** Largest adapter that Sluice takes. */
export const MAX_MODEL_BYTES = 90_000_000
const HEARTBEAT_SECONDS = 1

/** One job for each attempt: the endpoint knows a repeated dispatch by its id. */
export function jobIdOf({ run, stage, attempt }: StageJob<'train'>): string {
  return `${run.runId}.${stage}.${attempt}`
}

/** Sends the job, signed; the endpoint answers that it has it. */
export async function dispatchTraining(env: Env, job: StageJob<'train'>): Promise<string> {
  const endpoint = trainingEndpoint(env, job.params.endpoint)
  const body = JSON.stringify(await trainingJob(env, job))
  const response = await signedFetch(endpoint, {
    method: 'POST',
    path: '/v1/training/jobs',
    messageId: jobIdOf(job),
    body,
    refusal: 'training.endpoint',
  })
  const text = await response.text()
  if (response.ok) return (JSON.parse(text) as { status: string }).status
  throw new ProblemError(
    response.status < 500 ? 'request.invalid' : 'training.endpoint',
    `${endpoint.name} answered HTTP ${response.status} to the job: ${text.slice(0, 300)}`,
  )
}

export async function cancelTraining(env: Env, job: StageJob<'train'>): Promise<void> {
  const endpoint = trainingEndpoint(env, job.params.endpoint)
  const jobId = jobIdOf(job)
  await signedFetch(endpoint, {
    method: 'DELETE',
    path: `/v1/training/jobs/${encodeURIComponent(jobId)}`,
    messageId: `cancel.${jobId}`,
    body: '',
    refusal: 'training.endpoint',
  })
}

async function trainingJob(env: Env, job: StageJob<'train'>): Promise<TrainingJob> {
  const { params, run, stage, attempt, definition } = job
  const dataset = inputOf(job, 'dataset')
  const manifest = await datasetManifest(lineage(env.LINEAGE), run.project, dataset)
  const callbacks = `${env.PUBLIC_URL}/api/v1/callbacks/training`
  const { learningRate, ...hyperparameters } = params.hyperparameters
  return {
    job_id: jobIdOf(job),
    model: params.model,
    base_model: params.baseModel,
    method: 'lora',
    hyperparameters: { ...hyperparameters, learning_rate: learningRate },
    dataset: {
      ref: dataset,
      rows: manifest.rows,
      shards: manifest.shards.map(({ sha256, rows }, index) => ({
        url: `${callbacks}/shards/${index}`,
        sha256,
        rows,
      })),
    },
    artifact: { upload_url: `${callbacks}/artifact`, max_bytes: MAX_MODEL_BYTES },
    callback_url: callbacks,
    token: await signJobToken(env, 'training', {
      project: run.project,
      runId: run.runId,
      stage,
      attempt,
      exp: Math.floor(Date.now() / 1000) + definition.timeoutSeconds + 600,
    }),
    heartbeat_seconds: HEARTBEAT_SECONDS,
  }
}
