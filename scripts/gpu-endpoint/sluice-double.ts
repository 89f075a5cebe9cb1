import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { Webhook } from 'standardwebhooks'
import { TrainingCallback, type TrainingJob } from '../../domain/training/contract.ts'
import { type Listening, listen } from './bridge.ts'
import { sha256 } from './transfer.ts'

/** For tests: Sluice's side of the contract on loopback, and the endpoint as a process. */
export const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`
export const KEY = 'serving-key'
const TOKEN = 'job-token'

export interface Delivered {
  id: string
  callback: TrainingCallback
}

export interface SluiceDouble extends Listening {
  delivered: Delivered[]
  uploads: { bytes: Uint8Array; sha256: string | undefined }[]
  /** How many of the next callbacks other than heartbeats are answered with 503. */
  unavailable: number
  until(type: TrainingCallback['type'], job_id: string): Promise<TrainingCallback>
  job(job_id: string, change?: Partial<TrainingJob>): TrainingJob
}

export async function startSluiceDouble(rows: readonly unknown[]): Promise<SluiceDouble> {
  const shard = gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'))
  const webhook = new Webhook(SECRET)
  const app = new Hono()
  app.use(async (c, next) =>
    c.req.header('authorization') === `Bearer ${TOKEN}` ? next() : c.text('token', 401),
  )
  app.get('/shard', (c) => c.body(new Uint8Array(shard)))
  app.put('/artifact', async (c) => {
    double.uploads.push({
      bytes: new Uint8Array(await c.req.arrayBuffer()),
      sha256: c.req.header('x-content-sha256'),
    })
    return c.body(null, 204)
  })
  app.post('/callback', async (c) => {
    const callback = TrainingCallback.parse(webhook.verify(await c.req.text(), c.req.header()))
    double.delivered.push({ id: c.req.header('webhook-id') ?? '', callback })
    if (callback.type !== 'training.heartbeat' && double.unavailable-- > 0) return c.text('restarting', 503)
    return c.body(null, 204)
  })
  const listening = await listen(app.fetch, 0)
  const double: SluiceDouble = {
    ...listening,
    delivered: [],
    uploads: [],
    unavailable: 0,
    async until(type, job_id) {
      for (;;) {
        const found = double.delivered.find(
          ({ callback }) => callback.type === type && callback.job_id === job_id,
        )
        if (found) return found.callback
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    job: (job_id, change) => ({
      job_id,
      model: 'support-agent',
      base_model: 'hashed-ngrams',
      method: 'lora',
      hyperparameters: { rank: 4, epochs: 8, learning_rate: 0.02, seed: 1 },
      dataset: {
        ref: 'dataset:support@1',
        rows: rows.length,
        shards: [{ url: `${listening.url}/shard`, sha256: sha256(shard), rows: rows.length }],
      },
      artifact: { upload_url: `${listening.url}/artifact`, max_bytes: 10_000_000 },
      callback_url: `${listening.url}/callback`,
      token: TOKEN,
      heartbeat_seconds: 0.2,
      ...change,
    }),
  }
  return double
}

export interface Endpoint {
  url: string
  process: ChildProcess
}

export async function startEndpoint(state: string): Promise<Endpoint> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url).href)
  const child = spawn(process.execPath, [main, '--port', '0', '--state', state], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, GPU_ENDPOINT_SIGNING_SECRET: SECRET, GPU_ENDPOINT_KEY: KEY },
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { url: (JSON.parse(String(line)) as { url: string }).url, process: child }
}

export async function stopEndpoint({ process: child }: Endpoint, signal: NodeJS.Signals = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

/** A request signed as Sluice signs. */
export function signed(method: string, body: string, secret = SECRET): RequestInit {
  const now = new Date()
  const id = `msg_${sha256(new TextEncoder().encode(body)).slice(0, 12)}`
  return {
    method,
    ...(body === '' ? {} : { body }),
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
  }
}
