import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { listen } from '../gpu-endpoint/bridge.ts'
import { createCallbackSender } from '../gpu-endpoint/callbacks.ts'
import { NAME } from './identity.ts'
import { openLedger } from './ledger.ts'
import { taskEndpointApp } from './server.ts'
import { createTasks } from './tasks.ts'

const Options = z.object({ port: z.coerce.number().int().min(0).max(65535), state: z.string().min(1) })
const Env = z.object({
  /** Standard Webhooks secret that Sluice's tasks and this endpoint's callbacks are signed with. */
  TASK_ENDPOINT_SIGNING_SECRET: z.string().regex(/^whsec_[A-Za-z0-9+/=]+$/, 'whsec_ followed by base64'),
})

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, state: { type: 'string' } },
})
const { port, state } = Options.parse(values)
const signingSecret = Env.parse(process.env).TASK_ENDPOINT_SIGNING_SECRET
const log = (line: string) => console.error(`[task-endpoint] ${line}`)

const tasks = createTasks({
  ledger: openLedger(join(state, 'ledger.jsonl')),
  callbacks: createCallbackSender(signingSecret, () => new Date()),
  now: Date.now,
  log,
})
const { url, close } = await listen(taskEndpointApp({ tasks, signingSecret }).fetch, port)
log(NAME)
tasks.resume()
console.log(JSON.stringify({ ready: true, url, name: NAME }))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    tasks.close()
    void close().then(() => process.exit(0))
  })
}
