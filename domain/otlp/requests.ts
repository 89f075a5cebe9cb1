import { markCycles } from './cycles.ts'
import { decodeRequest, type Decoded, type DecodeOptions, type Undecodable } from './decode.ts'
import { spansById, withoutDuplicates } from './duplicates.ts'
import type { OtlpEncoding } from './encoding.ts'
import type { LogRecord, Span } from './shape.ts'
import { LOGS, TRACES } from './signal.ts'

/** An ExportTraceServiceRequest. A span is in the result once, and marked where it is its own ancestor. */
export function decodeTraces(
  body: Uint8Array,
  encoding: OtlpEncoding,
  options: DecodeOptions,
): Decoded<Span> | Undecodable {
  const decoded = decodeRequest(TRACES, body, encoding, options)
  if (decoded.status === 'undecodable') return decoded
  const byId = spansById(decoded.groups)
  markCycles(byId, decoded.faults)
  return { ...decoded, groups: withoutDuplicates(decoded.groups, byId, decoded.faults) }
}

/** An ExportLogsServiceRequest. */
export function decodeLogs(
  body: Uint8Array,
  encoding: OtlpEncoding,
  options: DecodeOptions,
): Decoded<LogRecord> | Undecodable {
  return decodeRequest(LOGS, body, encoding, options)
}
