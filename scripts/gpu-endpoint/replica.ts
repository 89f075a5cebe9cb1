import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { readArtifact } from './artifact.ts'
import { listen } from './bridge.ts'
import { completionsApp } from './completions.ts'
import { PORT_TAKEN, type ReplicaReady } from './replica-process.ts'

/** One served model as a process of its own: `node replica.ts --adapter FILE --model NAME --port 0`. */
const Options = z.object({
  adapter: z.string(),
  model: z.string(),
  port: z.coerce.number().int().min(0).max(65535),
})
const Env = z.object({ GPU_ENDPOINT_KEY: z.string().min(1) })

const { values } = parseArgs({
  options: { adapter: { type: 'string' }, model: { type: 'string' }, port: { type: 'string', default: '0' } },
})
const options = Options.parse(values)
const key = Env.parse(process.env).GPU_ENDPOINT_KEY
const model = readArtifact(readFileSync(options.adapter))
const app = completionsApp({ name: options.model, model, key, now: () => new Date() })
try {
  const { port, url } = await listen(app.fetch, options.port)
  console.log(JSON.stringify({ ready: true, url: `${url}/v1`, model: options.model }))
  process.send?.({ ready: true, port } satisfies ReplicaReady)
} catch (error) {
  console.error(`replica ${options.model}: ${String(error)}`)
  process.exit((error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? PORT_TAKEN : 1)
}
// The channel closes when the endpoint ends, however it ends: nobody is left to watch this replica.
process.on('disconnect', () => process.exit(0))
