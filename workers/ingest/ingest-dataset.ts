import { DatasetRow } from '../../domain/dataset/row.ts'
import { toDatasetRow, type TranscriptMapping } from '../../domain/dataset/mapping.ts'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'
import { DatasetWriter } from '../registry/datasets.ts'
import { parseRecords, type RowFormat } from './parse-rows.ts'

/** Streams a file into a dataset version. A row that is refused leaves nothing behind. */
export async function ingestDataset(
  env: Env,
  { project, name, createdBy }: { project: string; name: string; createdBy: string },
  file: { body: ReadableStream<Uint8Array> | null; format: RowFormat; mapping: TranscriptMapping },
): Promise<{ ref: string; manifest: DatasetManifest }> {
  const writer = new DatasetWriter(env, project, name)
  try {
    if (file.body) {
      for await (const record of parseRecords(file.body, file.format)) {
        await writer.add(checkRow(toDatasetRow(record, file.mapping, writer.rows + 1), writer.rows + 1))
      }
    }
    return await writer.finish({ codeSha: env.CODE_SHA, createdBy, at: Date.now() })
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function checkRow(row: DatasetRow, number: number): DatasetRow {
  const parsed = DatasetRow.safeParse(row)
  if (parsed.success) return row
  const issue = parsed.error.issues[0]!
  const field = issue.path.join('.')
  throw new ProblemError('row.invalid', `Row ${number}: ${field}: ${issue.message}`, { row: number, field })
}
