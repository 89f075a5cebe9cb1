import type { OtlpEncoding } from './encoding.ts'
import { countFault, type FaultTally, type Place } from './fault.ts'
import { jsonRequest } from './json-source.ts'
import { OTLP_LIMITS, type OtlpLimits } from './limits.ts'
import { protobufRequest } from './protobuf-source.ts'
import { mark, reading, type Reading } from './reading.ts'
import { readResource, readScope } from './resource.ts'
import type { Group, Resource } from './shape.ts'
import type { Signal } from './signal.ts'
import type { RawGroup, RawMessage } from './source.ts'
import { timeWindow, type TimeWindow } from './time-window.ts'

/** What a request carries: every record is either in a group or counted in a fault that rejects. */
export interface Decoded<Item> {
  status: 'decoded'
  /** Groups in the order of the request; those of which no record is left are not there. */
  groups: Group<Item>[]
  /** Records of the request. What broke off counts as one, since nobody can say how many it was. */
  seen: number
  faults: FaultTally
}

/** A body of which nothing is taken: 400, never to be sent again. */
export interface Undecodable {
  status: 'undecodable'
  reason: string
}

export interface DecodeOptions {
  now: Date
  limits?: OtlpLimits
}

interface Decoding<Item> {
  signal: Signal<Item>
  limits: OtlpLimits
  window: TimeWindow
  decoded: Decoded<Item>
  groupsSeen: number
}

/** Reads a body, decompressed already, of at most the length its caller allows. Never throws. */
export function decodeRequest<Item>(
  signal: Signal<Item>,
  body: Uint8Array,
  encoding: OtlpEncoding,
  { now, limits = OTLP_LIMITS }: DecodeOptions,
): Decoded<Item> | Undecodable {
  const request =
    encoding === 'json' ? jsonRequest(body, signal) : protobufRequest(body, signal.record, limits)
  if ('undecodable' in request) return { status: 'undecodable', reason: request.undecodable }
  const decoded: Decoded<Item> = { status: 'decoded', groups: [], seen: 0, faults: new Map() }
  const decoding = { signal, limits, window: timeWindow(now, limits), decoded, groupsSeen: 0 }
  if (request.otherSignal) countFault(decoded.faults, 'request.other_signal')
  const { resources } = request
  for (let resource = 0; resources.next() && !isOverfull(decoding); resource++)
    readResourceGroup(decoding, resources.current(), { resource })
  if (decoding.groupsSeen <= limits.groupsPerRequest) return decoded
  const reason = `The request has more than ${limits.groupsPerRequest} ${signal.resources} and ${signal.scopes}.`
  return { status: 'undecodable', reason }
}

function isOverfull(decoding: Decoding<unknown>): boolean {
  decoding.groupsSeen++
  return decoding.groupsSeen > decoding.limits.groupsPerRequest
}

function readResourceGroup<Item>(
  decoding: Decoding<Item>,
  group: RawGroup<RawGroup<RawMessage>> | null,
  place: Place,
): void {
  if (group === null) {
    lose(decoding, place)
    return
  }
  const resource = readHead(decoding, group, place, readResource)
  const scopes = group.list
  for (let scope = 0; scopes.next() && !isOverfull(decoding); scope++)
    readScopeGroup(decoding, resource, scopes.current(), { ...place, scope })
  if (scopes.broken()) lose(decoding, place)
}

function readScopeGroup<Item>(
  decoding: Decoding<Item>,
  resource: Resource,
  group: RawGroup<RawMessage> | null,
  place: Place,
): void {
  if (group === null) {
    lose(decoding, place)
    return
  }
  const scope = readHead(decoding, group, place, readScope)
  const records: Item[] = []
  const at = { ...place, record: 0 }
  for (; group.list.next(); at.record++) readRecord(decoding, group.list.current, records, at)
  if (group.list.broken()) lose(decoding, place)
  if (records.length > 0) decoding.decoded.groups.push({ resource, scope, records })
}

function readRecord<Item>(
  { signal, limits, window, decoded }: Decoding<Item>,
  current: () => RawMessage | null,
  records: Item[],
  place: Place,
): void {
  decoded.seen++
  if (decoded.seen > limits.recordsPerRequest) {
    countFault(decoded.faults, 'record.too_many', place)
    return
  }
  const raw = current()
  if (raw === null) {
    countFault(decoded.faults, 'record.malformed', place)
    return
  }
  const kept = readingOf(limits, raw)
  const read = signal.read(kept, raw.value, window)
  if ('rejected' in read) {
    countFault(decoded.faults, read.rejected, place)
    return
  }
  records.push(read.record)
  for (const code of kept.faults) countFault(decoded.faults, code, place)
}

function readHead<Item, Head>(
  { limits, decoded }: Decoding<Item>,
  { head, whole }: RawGroup<unknown>,
  place: Place,
  read: (reading: Reading, message: RawMessage['value']) => Head,
): Head {
  const kept = readingOf(limits, head)
  const result = read(kept, head.value)
  if (!whole) mark(kept, 'resource.malformed')
  for (const code of kept.faults) countFault(decoded.faults, code, place)
  return result
}

function readingOf(limits: OtlpLimits, raw: RawMessage): Reading {
  const kept = reading(limits, raw.lossy)
  if (raw.omitted > 0) mark(kept, 'attributes.dropped')
  return kept
}

function lose({ decoded }: Decoding<unknown>, place: Place): void {
  decoded.seen++
  countFault(decoded.faults, 'group.malformed', place)
}
