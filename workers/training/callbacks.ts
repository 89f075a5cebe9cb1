import { Hono } from 'hono'
import { sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import { formatRef } from '../../domain/ref.ts'
import type { ReportedEvent } from '../../domain/run/event.ts'
import { attemptFailed, produced } from '../../domain/run/report.ts'
import { TrainingCallback, type TrainingSucceeded } from '../../domain/training/contract.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type * as z from 'zod'
import { claimedJob, verifySignature } from '../endpoints/callback.ts'
import { verifyJobToken } from '../endpoints/job-token.ts'
import { readLimited } from '../endpoints/read-limited.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { registerArtifact } from '../registry/artifacts.ts'
import { datasetManifest } from '../registry/datasets.ts'
import { keys } from '../registry/keys.ts'
import type { TrainedModel } from '../registry/models.ts'
import { inputOf, madeBy, paramsOf } from '../stages/executor.ts'
import { MAX_MODEL_BYTES } from './dispatch.ts'
import { trainingEndpoint } from './endpoints.ts'

type Succeeded = z.infer<typeof TrainingSucceeded>

/** What a training endpoint calls, with its job token: its rows, its artifact, its progress and result. */
export const trainingCallbacks = new Hono<{ Bindings: Env }>()
  .get('/shards/:index', async (c) => {
    const job = await claimedJob(
      c.env,
      await verifyJobToken(c.env, 'training', c.req.header('authorization')),
    )
    const manifest = await datasetManifest(lineage(c.env.LINEAGE), job.run.project, inputOf(job, 'dataset'))
    const shard = manifest.shards[Number(c.req.param('index'))]
    const object = shard && (await c.env.ARTIFACTS.get(shard.key))
    if (!object) throw new ProblemError('not.found', `The dataset has ${manifest.shards.length} shards`)
    return c.body(object.body, 200, { 'content-type': 'application/gzip' })
  })
  .put('/artifact', async (c) => {
    const claims = await verifyJobToken(c.env, 'training', c.req.header('authorization'))
    const job = await claimedJob(c.env, claims)
    const bytes = await readLimited(c.req.raw, MAX_MODEL_BYTES, 'The artifact')
    const sha256 = sha256Hex(bytes)
    const stated = c.req.header('x-content-sha256')
    if (stated !== sha256) {
      throw new ProblemError(
        'artifact.mismatch',
        `The bytes have the hash ${sha256}; x-content-sha256 says ${stated ?? 'nothing'}`,
      )
    }
    const { model } = paramsOf('train', job)
    await c.env.ARTIFACTS.put(keys.model(job.run.project, model, sha256), bytes)
    return c.json({ sha256, bytes: bytes.length }, 201)
  })
  .post('/', async (c) => {
    const claims = await verifyJobToken(c.env, 'training', c.req.header('authorization'))
    const body = await c.req.text()
    const job = await claimedJob(c.env, claims)
    verifySignature(
      trainingEndpoint(c.env, paramsOf('train', job).endpoint).signingSecret,
      c.req.header(),
      body,
    )
    const parsed = TrainingCallback.safeParse(JSON.parse(body))
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      throw new ProblemError('request.invalid', `${issue.path.join('.')}: ${issue.message}`)
    }
    const callback = parsed.data
    const run = c.env.WORKFLOW_RUN.getByName(claims.runId)
    if (callback.type === 'training.heartbeat') {
      await run.heartbeat(claims.stage, claims.attempt, callback.progress, callback.message)
      return c.json({ accepted: true })
    }
    const event: ReportedEvent =
      callback.type === 'training.failed'
        ? attemptFailed(claims, callback.error, callback.error.retryable)
        : await accept(c.env, job, callback)
    await run.report([event])
    return c.json({ accepted: true })
  })

/** Registers the model that an endpoint says it made, if what it uploaded is what it names. */
async function accept(env: Env, job: StageContext, callback: Succeeded): Promise<ReportedEvent> {
  const { run } = job
  const params = paramsOf('train', job)
  const { sha256, bytes } = callback.artifact
  const key = keys.model(run.project, params.model, sha256)
  const stored = await env.ARTIFACTS.head(key)
  if (!stored) {
    const message = `${params.endpoint} reported the artifact ${sha256.slice(0, 12)}…, which it never uploaded`
    return attemptFailed(job, { code: 'artifact.mismatch', message }, true)
  }
  const manifest: TrainedModel = {
    key,
    bytes,
    format: 'safetensors',
    baseModel: params.baseModel,
    hyperparameters: params.hyperparameters,
    metrics: callback.metrics,
    hardware: callback.hardware,
    trainingSeconds: callback.seconds,
    serving: {
      baseUrl: callback.serving.base_url,
      servedModel: callback.serving.model,
      secret: trainingEndpoint(env, params.endpoint).servingSecretName,
    },
  }
  await registerArtifact(lineage(env.LINEAGE), {
    project: run.project,
    kind: 'model',
    name: params.model,
    version: sha256,
    manifest,
    ...madeBy(job, [inputOf(job, 'dataset')]),
  })
  return produced(job, { model: formatRef('model', params.model, sha256) })
}
