import { createRoute, z } from '@hono/zod-openapi'
import { TranscriptMapping } from '../../domain/dataset/mapping.ts'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Name, formatRef } from '../../domain/ref.ts'
import { ingestDataset } from '../ingest/ingest-dataset.ts'
import { rowFormat } from '../ingest/parse-rows.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact, resolveRef } from '../registry/artifacts.ts'
import { readNdjson } from '../registry/ndjson.ts'
import { announce } from '../triggers/announce.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

const Dataset = z.object({
  ref: z.string(),
  rows: z.number().int(),
  cohorts: z.record(z.string(), z.number().int()),
})

const create = createRoute({
  method: 'post',
  path: '/{name}/versions',
  summary: 'Ingest a file as a dataset version',
  description:
    'The body is NDJSON or CSV, streamed. A record is a row `{id, cohort?, data}`, or is mapped to a support transcript: ' +
    '`map=messages:transcript` names the column of a part. Equal content gives the same version.',
  middleware: [requireScope('ingest')],
  request: {
    params: z.object({ name: Name }),
    query: z.object({ map: z.union([z.string(), z.array(z.string())]).optional() }),
  },
  responses: { 201: json(Dataset, 'The dataset version'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/{name}/versions/{version}',
  summary: 'A dataset version, by version or alias',
  middleware: [requireScope('read')],
  request: { params: z.object({ name: Name, version: z.string() }) },
  responses: { 200: json(Dataset, 'The dataset version'), ...refusals },
})

const rows = createRoute({
  method: 'get',
  path: '/{name}/versions/{version}/rows',
  summary: 'Rows of a dataset version, a shard a page',
  middleware: [requireScope('read')],
  request: {
    params: z.object({ name: Name, version: z.string() }),
    query: z.object({ cursor: z.coerce.number().int().min(0).default(0) }),
  },
  responses: {
    200: json(z.object({ rows: z.array(z.any()), next: z.number().int().nullable() }), 'One shard of rows'),
    ...refusals,
  },
})

export const datasets = router()
  .openapi(create, async (c) => {
    const { project, keyId } = c.get('caller')
    const { name } = c.req.valid('param')
    const mapping = parseMapping(c.req.valid('query').map)
    const format = rowFormat(c.req.header('content-type'))
    const file = { body: c.req.raw.body, format, mapping }
    const { ref, manifest } = await ingestDataset(c.env, { project, name, createdBy: keyId }, file)
    announce(c.env, { kind: 'dataset', project, subject: name })
    return c.json({ ref, rows: manifest.rows, cohorts: manifest.cohorts }, 201)
  })
  .openapi(read, async (c) => {
    const { name, version } = c.req.valid('param')
    const { ref, manifest } = await findDataset(c.env.LINEAGE, c.get('caller').project, name, version)
    return c.json({ ref, rows: manifest.rows, cohorts: manifest.cohorts }, 200)
  })
  .openapi(rows, async (c) => {
    const { name, version } = c.req.valid('param')
    const { cursor } = c.req.valid('query')
    const { manifest } = await findDataset(c.env.LINEAGE, c.get('caller').project, name, version)
    const shard = manifest.shards[cursor]
    if (!shard)
      throw new ProblemError('not.found', `The dataset version has ${manifest.shards.length} shards`)
    const page = await readNdjson<DatasetRow>(c.env.ARTIFACTS, shard.key, shard.sha256)
    return c.json({ rows: page, next: cursor + 1 < manifest.shards.length ? cursor + 1 : null }, 200)
  })

async function findDataset(binding: D1Database, project: string, name: string, version: string) {
  const db = lineage(binding)
  const ref = await resolveRef(db, project, formatRef('dataset', name, version))
  return { ref, manifest: (await getArtifact(db, project, ref)).manifest as unknown as DatasetManifest }
}

/** `map=PART:COLUMN`, any number of times. */
function parseMapping(given: string | string[] | undefined): TranscriptMapping {
  const pairs = (given === undefined ? [] : [given].flat()).map((pair) => {
    const colon = pair.indexOf(':')
    return [pair.slice(0, colon), pair.slice(colon + 1)] as const
  })
  const parsed = TranscriptMapping.safeParse(Object.fromEntries(pairs))
  if (parsed.success) return parsed.data
  const parts = Object.keys(TranscriptMapping.shape).join(', ')
  throw new ProblemError('request.invalid', `map: must be PART:COLUMN with a part of ${parts}`, {
    field: 'map',
  })
}
