import { Readable } from 'node:stream'
import { parse, CsvError } from 'csv-parse'
import { MAX_ROW_BYTES } from '../../domain/dataset/row.ts'
import type { FileRecord } from '../../domain/dataset/mapping.ts'
import { ProblemError } from '../../domain/problem.ts'

export type RowFormat = 'ndjson' | 'csv'

/** The format that a content type names. */
export function rowFormat(contentType: string | undefined): RowFormat {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  if (type === 'text/csv') return 'csv'
  if (type === 'application/x-ndjson' || type === 'application/jsonl' || type === 'application/json')
    return 'ndjson'
  throw new ProblemError(
    'body.type',
    `Send rows as application/x-ndjson or text/csv, not as ${type ?? 'nothing'}`,
  )
}

/** Records of a file as they stream in; one line is in memory at a time. */
export function parseRecords(
  body: ReadableStream<Uint8Array>,
  format: RowFormat,
): AsyncGenerator<FileRecord> {
  return format === 'csv' ? parseCsv(body) : parseNdjson(body)
}

async function* parseNdjson(body: ReadableStream<Uint8Array>): AsyncGenerator<FileRecord> {
  let rest = ''
  let row = 0
  const take = (line: string): FileRecord | undefined => {
    row += 1
    return line.trim() === '' ? undefined : parseLine(line, row)
  }
  for await (const text of decode(body)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    if (rest.length > MAX_ROW_BYTES) throw tooLarge(row + 1)
    for (const line of lines) {
      const record = take(line)
      if (record) yield record
    }
  }
  const last = take(rest)
  if (last) yield last
}

async function* decode(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  try {
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>)
      yield decoder.decode(bytes, { stream: true })
    yield decoder.decode()
  } catch (cause) {
    if (cause instanceof TypeError) throw new ProblemError('row.invalid', 'The body is not UTF-8 text')
    throw cause
  }
}

function parseLine(line: string, row: number): FileRecord {
  if (line.length > MAX_ROW_BYTES) throw tooLarge(row)
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new ProblemError('row.invalid', `Row ${row} is not JSON: ${(cause as Error).message}`, { row })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProblemError('row.invalid', `Row ${row} is not a JSON object`, { row })
  }
  return value as FileRecord
}

async function* parseCsv(body: ReadableStream<Uint8Array>): AsyncGenerator<FileRecord> {
  const parser = parse({ columns: true, skip_empty_lines: true, max_record_size: MAX_ROW_BYTES })
  Readable.from(decode(body))
    .on('error', (error) => parser.destroy(error))
    .pipe(parser)
  try {
    yield* parser as AsyncIterable<FileRecord>
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const row = typeof cause.records === 'number' ? cause.records + 1 : undefined
    if (cause.code === 'CSV_MAX_RECORD_SIZE') throw tooLarge(row ?? 0)
    throw new ProblemError('row.invalid', `The CSV cannot be read: ${cause.message}`, {
      row,
      line: cause.lines,
    })
  }
}

function tooLarge(row: number): ProblemError {
  return new ProblemError(
    'row.invalid',
    `Row ${row} is larger than the limit of ${MAX_ROW_BYTES} bytes a row`,
    {
      row,
      limit: MAX_ROW_BYTES,
    },
  )
}
