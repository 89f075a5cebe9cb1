import { countFault, type FaultTally } from './fault.ts'
import type { Group, Span } from './shape.ts'

/** The spans of a request by trace and span id: of two with the same, the last one, which knows how the span ended. */
export function spansById(groups: readonly Group<Span>[]): Map<string, Span> {
  const byId = new Map<string, Span>()
  for (const { records } of groups) for (const span of records) byId.set(idOf(span), span)
  return byId
}

export function idOf({ traceId, spanId }: { traceId: string; spanId: string }): string {
  return traceId + spanId
}

/** The groups without the spans that come again later; each is counted. */
export function withoutDuplicates(
  groups: Group<Span>[],
  byId: ReadonlyMap<string, Span>,
  faults: FaultTally,
): Group<Span>[] {
  const total = groups.reduce((sum, { records }) => sum + records.length, 0)
  if (total === byId.size) return groups
  countFault(faults, 'span_id.duplicate', null, total - byId.size)
  return groups
    .map((group) => ({ ...group, records: group.records.filter((span) => byId.get(idOf(span)) === span) }))
    .filter(({ records }) => records.length > 0)
}
