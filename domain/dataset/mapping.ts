import * as z from 'zod'
import type { Json } from '../json.ts'
import { ProblemError } from '../problem.ts'
import { AgentAnswer, SPLITS, type Knowledge, type Message, type Transcript } from './transcript.ts'
import type { DatasetRow } from './row.ts'

/** A record as it stands in a file: a line of NDJSON, or a line of CSV by its header. */
export type FileRecord = Record<string, Json>

/**
 * Where a transcript's parts stand in a record; a dot goes into an object. `until` is the index of the message that is
 * the expected reply: it and all that follows is cut off.
 */
export const TranscriptMapping = z.strictObject({
  id: z.string().optional(),
  cohort: z.string().optional(),
  split: z.string().optional(),
  messages: z.string().optional(),
  until: z.string().optional(),
  knowledge: z.string().optional(),
  intent: z.string().optional(),
  action: z.string().optional(),
  reply: z.string().optional(),
})
export type TranscriptMapping = z.infer<typeof TranscriptMapping>

/** Columns that are taken for a part when the mapping does not name one, in order of preference. */
const USUAL_COLUMNS: Record<keyof TranscriptMapping, readonly string[]> = {
  id: ['id', 'conversation_id', 'row_id'],
  cohort: ['cohort', 'segment', 'category'],
  split: ['split'],
  messages: ['messages', 'transcript', 'conversation', 'question', 'text'],
  until: ['until', 'turn'],
  knowledge: ['knowledge', 'context', 'contexts', 'passages'],
  intent: ['intent', 'label'],
  action: ['action', 'tool_call.name'],
  reply: ['reply', 'response', 'answer'],
}

/** A row that is one already (`{id, data}`) passes; any other record is mapped to a transcript. */
export function toDatasetRow(record: FileRecord, mapping: TranscriptMapping, rowNumber: number): DatasetRow {
  if (typeof record.id === 'string' && isObject(record.data)) {
    return {
      id: record.id,
      ...(typeof record.cohort === 'string' ? { cohort: record.cohort } : {}),
      data: record.data,
    }
  }
  const part = (name: keyof TranscriptMapping) => readPart(record, mapping, name, rowNumber)
  const cohort = textOf(part('cohort'), 'cohort', rowNumber)
  const split = part('split')
  const transcript: Transcript = {
    ...(SPLITS.some((known) => known === split) ? { split: split as Transcript['split'] } : {}),
    messages: toMessages(
      unpacked(required(part('messages'), 'messages', mapping, rowNumber)),
      part('until'),
      rowNumber,
    ),
    knowledge: toKnowledge(unpacked(part('knowledge'))),
    expected: toExpected(part, mapping, rowNumber),
  }
  return {
    id: textOf(required(part('id'), 'id', mapping, rowNumber), 'id', rowNumber),
    ...(cohort === undefined || cohort === '' ? {} : { cohort }),
    data: transcript as unknown as Record<string, Json>,
  }
}

function readPart(
  record: FileRecord,
  mapping: TranscriptMapping,
  name: keyof TranscriptMapping,
  rowNumber: number,
): Json | undefined {
  const named = mapping[name]
  if (named !== undefined) {
    const value = atPath(record, named)
    if (value === undefined)
      throw invalid(rowNumber, name, `the column ${named} that ${name} is mapped to is missing`)
    return value ?? undefined
  }
  for (const column of USUAL_COLUMNS[name]) {
    const value = atPath(record, column)
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

function atPath(record: FileRecord, path: string): Json | undefined {
  let value: Json | undefined = record
  for (const key of path.split('.')) {
    const inside: Json | undefined = unpacked(value)
    if (!isObject(inside) || !Object.hasOwn(inside, key)) return undefined
    value = inside[key]
  }
  return value
}

/** A CSV cell holds nested values as JSON. Only where such a value belongs: a reply may be a JSON document itself. */
function unpacked(value: Json): Json
function unpacked(value: Json | undefined): Json | undefined
function unpacked(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value) as Json
  } catch {
    return value
  }
}

function toMessages(value: Json, until: Json | undefined, rowNumber: number): Message[] {
  if (typeof value === 'string') return [{ role: 'user', content: value }]
  if (!Array.isArray(value))
    throw invalid(rowNumber, 'messages', 'must be a text or a list of {role, content}')
  const isWhole = until === undefined || until === ''
  if (isWhole && value.length === 0) throw invalid(rowNumber, 'messages', 'must hold at least one message')
  const end = isWhole ? value.length : Number(until)
  if (!Number.isInteger(end) || end < 1)
    throw invalid(rowNumber, 'until', 'must be the index of a message, from 1')
  return value.slice(0, end).map((item, index) => {
    const content = isObject(item) ? (item.content ?? item.text) : undefined
    if (!isObject(item) || typeof content !== 'string') {
      throw invalid(rowNumber, `messages[${index}]`, 'must be {role, content}')
    }
    return { role: toRole(String(item.role)), content }
  })
}

function toRole(given: string): Message['role'] {
  const role = given.toLowerCase()
  if (role === 'system') return 'system'
  return ['assistant', 'agent', 'bot', 'system_agent'].includes(role) ? 'assistant' : 'user'
}

function toKnowledge(value: Json | undefined): Knowledge[] {
  const items = Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value]
  return items.map((item, index) => {
    const id = `k${index + 1}`
    if (!isObject(item)) return { id, text: String(item) }
    if (typeof item.text === 'string')
      return { id: typeof item.id === 'string' ? item.id : id, text: item.text }
    const fields = Object.fromEntries(Object.entries(item).map(([key, field]) => [key, fieldText(field)]))
    return { id, text: '', fields }
  })
}

function toExpected(
  part: (name: keyof TranscriptMapping) => Json | undefined,
  mapping: TranscriptMapping,
  rowNumber: number,
): AgentAnswer {
  const text = (name: 'intent' | 'reply') =>
    textOf(required(part(name), name, mapping, rowNumber), name, rowNumber)
  const intent = text('intent')
  return { intent, action: textOf(part('action'), 'action', rowNumber) ?? intent, reply: text('reply') }
}

function textOf(value: Json, name: keyof TranscriptMapping, rowNumber: number): string
function textOf(value: Json | undefined, name: keyof TranscriptMapping, rowNumber: number): string | undefined
function textOf(
  value: Json | undefined,
  name: keyof TranscriptMapping,
  rowNumber: number,
): string | undefined {
  if (typeof value === 'object') throw invalid(rowNumber, name, 'must be a text, not an object or a list')
  return value === undefined ? undefined : String(value)
}

function required(
  value: Json | undefined,
  name: keyof TranscriptMapping,
  mapping: TranscriptMapping,
  rowNumber: number,
): Json {
  if (value !== undefined && value !== '') return value
  const looked = mapping[name] ?? USUAL_COLUMNS[name].join(', ')
  throw invalid(rowNumber, name, `is missing; looked in ${looked}. Name its column with map=${name}:COLUMN`)
}

function invalid(row: number, field: string, why: string): ProblemError {
  return new ProblemError('row.invalid', `Row ${row}: ${field} ${why}`, { row, field })
}

function fieldText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
