import { expect } from 'vitest'
import type { RunView } from '../../workers/api/run-view.ts'
import { env, get, ingestRows, post } from './support.ts'

/** A transcript that the ingest stage takes. */
export const transcript = (id: string) => ({
  id,
  data: {
    messages: [{ role: 'user', content: `Where is ${id}?` }],
    knowledge: [{ id: 'k', text: 'Parcels take three days.' }],
    expected: { intent: 'track', action: 'track_parcel', reply: 'Parcels take three days.' },
  },
})

type Gate = { gate: string; params: Record<string, unknown> }

/** A workflow whose only stage ingests one row and has these gates. `minRows: 2` closes `data-quality`. */
export async function applyGated(name: string, gates: Gate[], key?: string): Promise<string> {
  const definition = {
    name,
    inputs: { rows: { kind: 'dataset' } },
    stages: {
      ingest: {
        kind: 'ingest',
        owner: 'data',
        inputs: { transcripts: 'inputs.rows' },
        with: { name: `${name}-rows` },
        gates,
      },
    },
  }
  const answer = await post<{ version: string }>('/api/v1/workflows', definition, key ? { key } : {})
  expect(answer).toMatchObject({ status: 201 })
  return answer.body.version
}

/** Starts a run on one transcript; answers its id. */
export async function startGated(name: string, key?: string): Promise<string> {
  const rows = await ingestRows('one-row', [transcript('a')])
  const init = key ? { key } : {}
  const answer = await post<{ runId: string }>(`/api/v1/workflows/${name}/runs`, { inputs: { rows } }, init)
  expect(answer).toMatchObject({ status: 201 })
  return answer.body.runId
}

export const readRun = async (runId: string) => (await get<RunView>(`/api/v1/runs/${runId}`)).body

/** The run once it has this status. */
export async function runIn(runId: string, status: string): Promise<RunView> {
  await expect.poll(async () => (await readRun(runId)).status, { timeout: 10_000 }).toBe(status)
  return readRun(runId)
}

export const rowsOf = async (sql: string, ...values: unknown[]) =>
  (
    await env.LINEAGE.prepare(sql)
      .bind(...values)
      .all()
  ).results
