import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a replica tells the process that started it. */
export interface ReplicaReady {
  ready: true
  port: number
}

/** Exit code of a replica whose port is taken. */
export const PORT_TAKEN = 98
const START_TIMEOUT_MS = 20_000
/** A replica of an endpoint that was just killed needs a moment to notice and free its port. */
const PORT_WAITS_MS = [200, 400, 800]

export interface ReplicaProcess {
  child: ChildProcess
  port: number
}

/** Starts a replica on its old port where that is free, else on another. */
export async function startReplica(
  adapter: string,
  model: string,
  port: number,
  key: string,
): Promise<ReplicaProcess> {
  for (const wait of PORT_WAITS_MS) {
    const started = await spawnReplica(adapter, model, port, key)
    if (started !== 'port-taken') return started
    await sleep(wait)
  }
  const started = await spawnReplica(adapter, model, 0, key)
  if (started === 'port-taken') throw new Error(`replica ${model}: no free port`)
  return started
}

function spawnReplica(
  adapter: string,
  model: string,
  port: number,
  key: string,
): Promise<ReplicaProcess | 'port-taken'> {
  const script = fileURLToPath(new URL('./replica.ts', import.meta.url).href)
  const child = fork(script, ['--adapter', adapter, '--model', model, '--port', String(port)], {
    // Its standard output is not ours: the endpoint prints one line there, which a script reads.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: { PATH: process.env.PATH, GPU_ENDPOINT_KEY: key },
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`replica ${model}: not ready within ${START_TIMEOUT_MS} ms`))
    }, START_TIMEOUT_MS)
    child.once('message', (message) => {
      clearTimeout(timer)
      resolve({ child, port: (message as ReplicaReady).port })
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      if (code === PORT_TAKEN) resolve('port-taken')
      else reject(new Error(`replica ${model}: ended with ${signal ?? code} before it was ready`))
    })
  })
}
