import { hc } from 'hono/client'
import type { TranscriptMapping } from '../domain/dataset/mapping.ts'
import type { Api } from '../workers/api/app.ts'

/** A refusal of the API: the problem document that it sent. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError'
  readonly status: number
  readonly code: string
  readonly detail: string
  /** All that the document says, such as the findings about a workflow. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(status: number, problem: { code: string; detail: string }) {
    super(`${problem.code}: ${problem.detail}`)
    this.status = status
    this.code = problem.code
    this.detail = problem.detail
    this.problem = { ...problem }
  }
}

/**
 * The typed client of Sluice's control plane: paths, parameters and answers come from the API's own schemas.
 *
 * @example
 * const sluice = createClient({ url: 'http://127.0.0.1:8787', key: process.env.SLUICE_KEY! })
 * const { runs } = await answer(sluice.runs.$get({ query: {} }))
 */
export function createClient({ url, key }: { url: string; key: string }) {
  return hc<Api>(`${url}/api/v1`, { headers: { authorization: `Bearer ${key}` } })
}

/** RFC 9457, as the API sends it. */
interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
}

interface Answered {
  ok: boolean
  status: number
  json(): Promise<unknown>
}

/**
 * The body of an answer.
 *
 * @throws SluiceError with the problem's code and detail when the request was refused
 */
export async function answer<R extends Answered>(
  response: Promise<R>,
): Promise<Exclude<Awaited<ReturnType<R['json']>>, Problem>> {
  const answered = await response
  const body = await answered.json()
  if (!answered.ok) throw new SluiceError(answered.status, body as Problem)
  return body as Exclude<Awaited<ReturnType<R['json']>>, Problem>
}

/** Sends a file of rows as a new dataset version. `format` is the body's; `map` names columns of parts. */
export async function ingestRows(
  { url, key }: { url: string; key: string },
  dataset: string,
  rows: BodyInit,
  { format = 'ndjson', map = {} }: { format?: 'ndjson' | 'csv'; map?: TranscriptMapping } = {},
): Promise<{ ref: string; rows: number; cohorts: Record<string, number> }> {
  const query = new URLSearchParams(Object.entries(map).map(([part, column]) => ['map', `${part}:${column}`]))
  const response = fetch(`${url}/api/v1/datasets/${dataset}/versions?${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': format === 'csv' ? 'text/csv' : 'application/x-ndjson',
    },
    body: rows,
    duplex: 'half',
  } as RequestInit)
  return (await answer(response)) as { ref: string; rows: number; cohorts: Record<string, number> }
}
