import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Webhook } from 'standardwebhooks'
import * as z from 'zod'
import { TrainingJob } from '../../domain/training/contract.ts'
import { hasKey } from './bearer.ts'
import type { JobView, Jobs } from './jobs.ts'
import { ReplicaError, type Replicas } from './replicas.ts'
import { parseJson, refuse, signatureProblem, signedBody } from './requests.ts'

export interface ServerOptions {
  name: string
  hardware: string
  jobs: Jobs
  replicas: Replicas
  signingSecret: string
  key: string
}

const MAX_BODY_BYTES = 1_000_000
const StartRequest = z.object({ adapter_sha256: z.string().optional() })
const REPLICA_STATUS = {
  model_not_found: 404,
  adapter_not_found: 404,
  replica_running: 409,
  start_failed: 500,
} as const

/** The endpoint's HTTP interface: training by signed requests, replicas by the bearer key. */
export function endpointApp({ name, hardware, jobs, replicas, signingSecret, key }: ServerOptions): Hono {
  const app = new Hono()
  const webhook = new Webhook(signingSecret)

  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refuse(c, 413, 'too_large', `the body is over ${MAX_BODY_BYTES} bytes`),
    }),
  )
  app.get('/health', (c) =>
    c.json({
      name,
      hardware,
      jobs: jobs.open(),
      replicas: replicas.list().map(({ model, status }) => ({ model, status })),
    }),
  )

  app.post('/v1/training/jobs', async (c) => {
    const job = await signedBody(webhook, c, TrainingJob, 'invalid_job')
    if ('refused' in job) return job.refused
    return c.json(accepted(jobs.submit(job.data)), 202)
  })
  app.get('/v1/training/jobs/:id', (c) => {
    const job = jobs.get(c.req.param('id'))
    return job ? c.json(job) : refuse(c, 404, 'job_not_found', `no job ${c.req.param('id')}`)
  })
  app.delete('/v1/training/jobs/:id', async (c) => {
    const refused = signatureProblem(webhook, c, await c.req.text())
    if (refused) return refused
    const job = jobs.cancel(c.req.param('id'))
    return job ? c.json(accepted(job)) : refuse(c, 404, 'job_not_found', `no job ${c.req.param('id')}`)
  })

  app.use('/v1/replicas/*', async (c, next) => {
    if (!hasKey(c.req.header('authorization'), key))
      return refuse(c, 401, 'invalid_key', 'the bearer key is missing or wrong')
    return next()
  })
  app.get('/v1/replicas', (c) => c.json(replicas.list()))
  app.post('/v1/replicas/:model/start', async (c) => {
    const body = await c.req.text()
    const parsed = StartRequest.safeParse(body === '' ? {} : parseJson(body))
    if (!parsed.success) return refuse(c, 400, 'invalid_start', z.prettifyError(parsed.error))
    return c.json(await replicas.start(c.req.param('model'), parsed.data.adapter_sha256))
  })

  app.notFound((c) => refuse(c, 404, 'not_found', `no such path: ${c.req.path}`))
  app.onError((error, c) => {
    if (error instanceof ReplicaError) return refuse(c, REPLICA_STATUS[error.code], error.code, error.message)
    return refuse(c, 500, 'internal', error.message)
  })
  return app
}

function accepted({ job_id, status }: JobView) {
  return { job_id, status }
}
