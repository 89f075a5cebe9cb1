import { Webhook } from 'standardwebhooks'
import { sha256Hex } from '../../domain/hash.ts'
import type { TrainingJob } from '../../domain/training/contract.ts'
import { request } from './support.ts'

const SECRET = 'whsec_c2x1aWNlLXRlc3Qtc2VjcmV0LXNsdWljZS10ZXN0LXNlYw=='

/** Jobs that reached the endpoint so far. */
export async function jobsAtEndpoint(): Promise<TrainingJob[]> {
  const calls = (await (await fetch('http://calls.test/')).json()) as { host: string; body: string }[]
  return calls
    .filter(({ host, body }) => host === 'gpu.test' && body !== '')
    .map(({ body }) => JSON.parse(body) as TrainingJob)
}

export function upload(job: TrainingJob, bytes: Uint8Array, stated = sha256Hex(bytes)) {
  return request('/api/v1/callbacks/training/artifact', {
    method: 'PUT',
    key: job.token,
    headers: { 'x-content-sha256': stated },
    body: bytes as BodyInit,
  })
}

export function callBack(
  job: TrainingJob,
  callback: Record<string, unknown>,
  { secret = SECRET, token = job.token, id = 'msg_1' } = {},
) {
  return sendSigned(job, JSON.stringify({ job_id: job.job_id, ...callback }), { secret, token, id })
}

/** Any body, signed as a callback is. */
export function sendSigned(
  job: TrainingJob,
  body: string,
  { secret = SECRET, token = job.token, id = 'msg_1' } = {},
) {
  const now = new Date()
  return request('/api/v1/callbacks/training', {
    method: 'POST',
    key: token,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
    body,
  })
}

export const adapter = new TextEncoder().encode('an adapter')
export const succeeded = (sha256 = sha256Hex(adapter)) => ({
  type: 'training.succeeded',
  artifact: { sha256, bytes: adapter.length, format: 'safetensors' },
  serving: { base_url: 'http://good.test/v1', model: 'tiny-1' },
  metrics: { loss: 0.1 },
  hardware: 'a test',
  seconds: 1,
})
