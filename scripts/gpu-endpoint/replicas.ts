import { existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import type { AdapterStore } from './adapter-store.ts'
import { writeWhole } from './job-store.ts'
import { type ReplicaProcess, startReplica } from './replica-process.ts'

/** A served model as it is kept over restarts. Routes point at its port, so it keeps it. */
const Placement = z.object({ model: z.string(), adapter_sha256: z.string(), port: z.number().int() })
type Placement = z.infer<typeof Placement>

export interface Replica {
  model: string
  /** OpenAI base URL, ending in `/v1`. */
  url: string
  pid: number | null
  adapter_sha256: string
  status: 'starting' | 'running' | 'exited'
}

export class ReplicaError extends Error {
  readonly code: 'model_not_found' | 'adapter_not_found' | 'replica_running' | 'start_failed'

  constructor(code: ReplicaError['code'], message: string) {
    super(message)
    this.code = code
  }
}

export interface Replicas {
  list(): Replica[]
  /** Serves an adapter under a name; nothing happens when it is already served so. */
  serve(model: string, adapter_sha256: string): Promise<Replica>
  /** Starts a dead replica again, with its own adapter or another one. */
  start(model: string, adapter_sha256?: string): Promise<Replica>
  /** Brings up what was served before this process started. Failures are logged and leave `exited`. */
  resume(): Promise<void>
  close(): void
}

export interface ReplicasOptions {
  file: string
  adapters: AdapterStore
  key: string
  log: (line: string) => void
}

export function createReplicas({ file, adapters, key, log }: ReplicasOptions): Replicas {
  const saved: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
  const placements = new Map(
    z
      .array(Placement)
      .parse(saved)
      .map((one) => [one.model, one]),
  )
  const processes = new Map<string, ReplicaProcess>()
  const starting = new Map<string, Promise<Replica>>()

  const view = ({ model, adapter_sha256, port }: Placement): Replica => {
    const running = processes.get(model)
    return {
      model,
      url: `http://127.0.0.1:${port}/v1`,
      pid: running?.child.pid ?? null,
      adapter_sha256,
      status: starting.has(model) ? 'starting' : running ? 'running' : 'exited',
    }
  }

  const launch = async (model: string, adapter_sha256: string): Promise<Replica> => {
    const path = adapters.path(adapter_sha256)
    if (!path) throw new ReplicaError('adapter_not_found', `no adapter ${adapter_sha256} at this endpoint`)
    const port = placements.get(model)?.port ?? 0
    const started = await startReplica(path, model, port, key).catch((error: Error) => {
      throw new ReplicaError('start_failed', error.message)
    })
    processes.set(model, started)
    started.child.once('exit', (code, signal) => {
      processes.delete(model)
      log(`replica ${model} (pid ${started.child.pid}) exited: ${signal ?? code}`)
    })
    const placement = { model, adapter_sha256, port: started.port }
    placements.set(model, placement)
    writeWhole(file, JSON.stringify([...placements.values()], null, 2))
    log(`replica ${model} serves ${adapter_sha256.slice(0, 12)} on port ${started.port}`)
    return view(placement)
  }

  const startOnce = async (model: string, adapter_sha256: string): Promise<Replica> => {
    const pending = starting.get(model)
    if (pending) await pending.catch(() => {})
    const placement = placements.get(model)
    if (placement && processes.has(model)) {
      if (placement.adapter_sha256 === adapter_sha256) return view(placement)
      throw new ReplicaError(
        'replica_running',
        `${model} is running with adapter ${placement.adapter_sha256}`,
      )
    }
    const work = launch(model, adapter_sha256).finally(() => starting.delete(model))
    starting.set(model, work)
    return { ...(await work), status: 'running' }
  }

  return {
    list: () => [...placements.values()].map(view),
    serve: startOnce,
    async start(model, adapter_sha256) {
      const placement = placements.get(model)
      if (!placement) throw new ReplicaError('model_not_found', `no replica ${model} at this endpoint`)
      return startOnce(model, adapter_sha256 ?? placement.adapter_sha256)
    },
    async resume() {
      // A copy: a replica that has to take another port is put into the map anew.
      const known = Array.from(placements.values())
      for (const { model, adapter_sha256 } of known)
        await startOnce(model, adapter_sha256).catch((error: Error) => log(error.message))
    },
    close() {
      for (const { child } of processes.values()) child.kill()
    },
  }
}
