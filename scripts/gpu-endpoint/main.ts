import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { openAdapterStore } from './adapter-store.ts'
import { listen } from './bridge.ts'
import { createCallbackSender } from './callbacks.ts'
import { NAME, hardware } from './identity.ts'
import { openJobStore } from './job-store.ts'
import { createJobs } from './jobs.ts'
import { createReplicas } from './replicas.ts'
import { endpointApp } from './server.ts'

const Options = z.object({ port: z.coerce.number().int().min(0).max(65535), state: z.string().min(1) })
const Env = z.object({
  /** Standard Webhooks secret that Sluice's dispatches and this endpoint's callbacks are signed with. */
  GPU_ENDPOINT_SIGNING_SECRET: z.string().regex(/^whsec_[A-Za-z0-9+/=]+$/, 'whsec_ followed by base64'),
  /** Bearer key for inference and for the operator's calls. */
  GPU_ENDPOINT_KEY: z.string().min(1),
})

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, state: { type: 'string' } },
})
const options = Options.parse(values)
const env = Env.parse(process.env)
const log = (line: string) => console.error(`[gpu-endpoint] ${line}`)

const adapters = openAdapterStore(join(options.state, 'adapters'))
const replicas = createReplicas({
  file: join(options.state, 'replicas.json'),
  adapters,
  key: env.GPU_ENDPOINT_KEY,
  log,
})
const jobs = createJobs({
  store: openJobStore(join(options.state, 'jobs')),
  adapters,
  replicas,
  callbacks: createCallbackSender(env.GPU_ENDPOINT_SIGNING_SECRET, () => new Date()),
  hardware: hardware(),
  clock: () => performance.now(),
  log,
})
const app = endpointApp({
  name: NAME,
  hardware: hardware(),
  jobs,
  replicas,
  signingSecret: env.GPU_ENDPOINT_SIGNING_SECRET,
  key: env.GPU_ENDPOINT_KEY,
})

const { url, close } = await listen(app.fetch, options.port)
log(NAME)
await replicas.resume()
jobs.resume()
console.log(JSON.stringify({ ready: true, url, name: NAME }))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    jobs.close()
    replicas.close()
    void close().then(() => process.exit(0))
  })
}
