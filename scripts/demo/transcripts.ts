import { createReadStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { answer, ingestRows } from '../../client/sluice.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { splitOf } from '../../domain/dataset/split.ts'
import { hash52 } from '../../domain/hash.ts'
import { generateTranscripts } from '../../examples/support-agent/transcripts/index.ts'
import { parseRef } from '../../domain/ref.ts'
import type { Access } from './access.ts'
import type { DemoOptions } from './options.ts'

/** Share of rows that are held out for evaluation. */
const GOLDEN_SHARE = 0.5
/** Share of the training rows that the team has when it trains its first, second and third model. */
const SHARES = { first: 0.2, second: 0.6, third: 1 } as const

/** The transcripts as one dataset version, from the user's file or generated; and its rows, read back. */
export async function ingestTranscripts(
  access: Access,
  options: DemoOptions,
): Promise<{ ref: string; rows: DatasetRow[] }> {
  const { ref } = await ingestRows(access.as('ingest'), 'support-upload', ...(await uploadOf(options)))
  return { ref, rows: (await readRows(access, ref)).map(withSplit) }
}

async function uploadOf({
  data,
  map,
  rows,
  seed,
}: DemoOptions): Promise<[BodyInit, Parameters<typeof ingestRows>[3]]> {
  if (data === undefined)
    return [toNdjson(generateTranscripts({ seed, rows, goldenShare: GOLDEN_SHARE })), {}]
  if (!existsSync(data)) throw new Error(`--data ${data}: there is no such file`)
  const body = Readable.toWeb(createReadStream(data)) as unknown as BodyInit
  return [body, { format: /\.csv$/i.test(data) ? 'csv' : 'ndjson', map }]
}

async function readRows(access: Access, ref: string): Promise<DatasetRow[]> {
  const { name, version } = parseRef(ref)
  const rows: DatasetRow[] = []
  for (let cursor: number | null = 0; cursor !== null;) {
    const query = { cursor: String(cursor) }
    const page: { rows: unknown; next: number | null } = await answer(
      access
        .client('read')
        .datasets[':name'].versions[':version'].rows.$get({ param: { name, version }, query }),
    )
    rows.push(...(page.rows as DatasetRow[]))
    cursor = page.next
  }
  return rows
}

/** Every row says which side it is on, so that the three versions hold the same golden rows. */
function withSplit(row: DatasetRow): DatasetRow {
  return row.data.split === undefined
    ? { ...row, data: { ...row.data, split: splitOf(row.id, GOLDEN_SHARE) } }
    : row
}

/** The golden rows, and the training rows that the team has when it trains its nth model. */
export function rowsOf(model: keyof typeof SHARES, rows: readonly DatasetRow[]): DatasetRow[] {
  return rows.filter(
    ({ id, data }) => data.split === 'golden' || hash52(`arrival ${id}`) / 2 ** 52 < SHARES[model],
  )
}

export function toNdjson(rows: readonly DatasetRow[]): string {
  return rows.map((row) => JSON.stringify(row)).join('\n')
}
