import { parseRef } from '../../domain/ref.ts'
import type { Stack } from '../stack/stack.ts'

interface Replica {
  model: string
  pid: number
  adapter_sha256: string
  status: string
}

/** Kills the process that serves a model version, as a crashed host would. */
export async function killReplica(stack: Stack, modelRef: string): Promise<string> {
  const replica = await replicaOf(stack, modelRef)
  process.kill(replica.pid, 'SIGKILL')
  return replica.model
}

/** Brings a dead replica up again under its name and address, with the adapter of another model version. */
export async function startReplicaWith(stack: Stack, served: string, modelRef: string): Promise<void> {
  const response = await callEndpoint(stack, `/v1/replicas/${served}/start`, {
    method: 'POST',
    body: JSON.stringify({ adapter_sha256: parseRef(modelRef).version }),
  })
  if (!response.ok) throw new Error(`the endpoint did not start ${served}: ${await response.text()}`)
}

async function replicaOf(stack: Stack, modelRef: string): Promise<Replica> {
  const replicas = (await (await callEndpoint(stack, '/v1/replicas', {})).json()) as Replica[]
  const found = replicas.find(({ adapter_sha256 }) => adapter_sha256 === parseRef(modelRef).version)
  if (!found) throw new Error(`no replica serves ${modelRef}`)
  return found
}

function callEndpoint({ gpuUrl, settings }: Stack, path: string, init: RequestInit): Promise<Response> {
  return fetch(`${gpuUrl}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${settings.gpuKey}`, 'content-type': 'application/json' },
  })
}
