/**
 * All that can be wrong with a record, by code. One that `rejects` costs the span or log record it is found in, never the
 * batch; the others are marks on a record that is taken all the same.
 */
export const FAULTS = {
  'record.malformed': { rejects: true, says: 'not a well-formed message' },
  'record.too_many': { rejects: true, says: 'more than one request may carry; send smaller batches' },
  'group.malformed': { rejects: true, says: 'a resource or scope that breaks off, with what follows in it' },
  'trace_id.invalid': { rejects: true, says: 'traceId is not 16 bytes (32 hex digits in JSON)' },
  'trace_id.zero': { rejects: true, says: 'traceId is all zeroes' },
  'span_id.invalid': { rejects: true, says: 'spanId is not 8 bytes (16 hex digits in JSON)' },
  'span_id.zero': { rejects: true, says: 'spanId is all zeroes' },
  'span_id.duplicate': { rejects: true, says: 'the span is in the request again; the last one is kept' },
  'time.missing': { rejects: true, says: 'start or end time is missing' },
  'time.invalid': { rejects: true, says: 'a time is not a count of nanoseconds since 1970' },
  'time.reversed': { rejects: true, says: 'the span ends before it starts' },
  'time.future': { rejects: true, says: 'the time lies in the future; check the clock' },
  'time.ancient': { rejects: true, says: 'the time is too long ago; it must be in nanoseconds' },
  'log.not_evaluation': { rejects: true, says: 'only gen_ai.evaluation.result events are taken' },
  'resource.malformed': { rejects: false, says: 'a resource or scope that cannot be read whole' },
  'request.other_signal': { rejects: false, says: 'the request carries another signal than this path takes' },
  'parent_id.invalid': { rejects: false, says: 'parentSpanId is not 8 bytes; the span counts as a root' },
  'parent.cycle': { rejects: false, says: 'the span is its own ancestor' },
  'log_context.invalid': {
    rejects: false,
    says: 'traceId or spanId is invalid; the record hangs on no span',
  },
  'link.invalid': { rejects: false, says: 'a link with an invalid id is left out' },
  'text.not_utf8': { rejects: false, says: 'text is not UTF-8; what cannot be read is U+FFFD' },
  'text.truncated': { rejects: false, says: 'text above the limit is cut' },
  'attributes.dropped': { rejects: false, says: 'attributes above the limit are dropped' },
  'attributes.invalid': {
    rejects: false,
    says: 'attributes are not a list of key and value; those are left out',
  },
  'events.dropped': { rejects: false, says: 'events above the limit are dropped' },
  'links.dropped': { rejects: false, says: 'links above the limit are dropped' },
  'value.too_deep': { rejects: false, says: 'a value nested deeper than the limit is null' },
  'value.invalid': { rejects: false, says: 'a value that is not of its type is null' },
  'enum.invalid': { rejects: false, says: 'an enum is not an integer; it counts as 0' },
  'field.invalid': { rejects: false, says: 'a field is not of its type; it counts as empty' },
} as const satisfies Record<string, { rejects: boolean; says: string }>

export type FaultCode = keyof typeof FAULTS

/** Where in the request a record stands, counted from 0. */
export interface Place {
  resource: number
  scope?: number
  record?: number
}

/** How many records have a fault, and the first of them. */
export interface FaultCount {
  code: FaultCode
  count: number
  first: Place | null
}

/** The faults of one request, in the order in which they were met. */
export type FaultTally = Map<FaultCode, FaultCount>

export function countFault(tally: FaultTally, code: FaultCode, first: Place | null = null, count = 1): void {
  const counted = tally.get(code)
  if (counted) counted.count += count
  else if (count > 0) tally.set(code, { code, count, first: first && { ...first } })
}

/** How many records the faults cost. */
export function rejectedBy(faults: Iterable<FaultCount>): number {
  let rejected = 0
  for (const { code, count } of faults) if (FAULTS[code].rejects) rejected += count
  return rejected
}
