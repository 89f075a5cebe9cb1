import { CONTENT_TYPES, type OtlpEncoding } from './encoding.ts'
import { FAULTS, rejectedBy, type FaultCount, type FaultTally } from './fault.ts'
import type { Signal } from './signal.ts'
import { encodeMessage } from './wire/encode.ts'
import type { Schema } from './wire/schema.ts'

/** The body of an answer and its Content-Type, which is that of the request. */
export interface OtlpAnswer {
  contentType: string
  body: Uint8Array
}

/**
 * The body of a 200: an ExportTraceServiceResponse or ExportLogsServiceResponse. `partialSuccess` is absent where all is
 * well; it also says which faults records were taken with, and `rejectedSpans` is 0 then (left out, as proto3 does).
 */
export function exportAnswer<Item>(
  signal: Signal<Item>,
  encoding: OtlpEncoding,
  faults: FaultTally,
): OtlpAnswer {
  const rejected = rejectedBy(faults.values())
  const partialSuccess = {
    // Proto3 JSON writes an int64 as text.
    ...(rejected > 0 && { [signal.rejectedField]: String(rejected) }),
    errorMessage: faultsInWords(signal, faults),
  }
  return answer(encoding, signal.response, faults.size === 0 ? {} : { partialSuccess })
}

export function answer(encoding: OtlpEncoding, schema: Schema, message: Record<string, unknown>): OtlpAnswer {
  const body =
    encoding === 'json' ? new TextEncoder().encode(JSON.stringify(message)) : encodeMessage(schema, message)
  return { contentType: CONTENT_TYPES[encoding], body }
}

/** `Rejected: 2 spans: traceId is … (first: resourceSpans[0].scopeSpans[0].spans[3]). Taken: 1 span: text … .` */
export function faultsInWords<Item>(signal: Signal<Item>, faults: FaultTally): string {
  const counts = [...faults.values()]
  const sentence = (word: string, some: FaultCount[]) =>
    some.length === 0 ? [] : [`${word}: ${some.map((fault) => faultInWords(signal, fault)).join('; ')}.`]
  return [
    ...sentence(
      'Rejected',
      counts.filter(({ code }) => FAULTS[code].rejects),
    ),
    ...sentence(
      'Taken with faults',
      counts.filter(({ code }) => !FAULTS[code].rejects),
    ),
  ].join(' ')
}

function faultInWords<Item>(signal: Signal<Item>, { code, count, first }: FaultCount): string {
  const times = `${count} × ${FAULTS[code].says}`
  if (first === null) return times
  const steps: [string, number | undefined][] = [
    [signal.resources, first.resource],
    [signal.scopes, first.scope],
    [signal.records, first.record],
  ]
  const path = steps.flatMap(([name, index]) => (index === undefined ? [] : [`${name}[${index}]`]))
  return `${times} (first: ${path.join('.')})`
}
