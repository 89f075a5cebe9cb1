import { idOf } from './duplicates.ts'
import { countFault, type FaultTally } from './fault.ts'
import type { Span } from './shape.ts'

/**
 * Marks each span of a request that is its own ancestor. Its parent stays as it was sent: a waterfall takes a marked span
 * for a root. A cycle that closes over two requests is not seen here.
 */
export function markCycles(byId: ReadonlyMap<string, Span>, faults: FaultTally): void {
  /** The walk in which each span was met. */
  const metIn = new Map<Span, number>()
  let walk = 0
  for (const start of byId.values()) {
    walk++
    const path: Span[] = []
    let span: Span | undefined = start
    while (span && !metIn.has(span)) {
      metIn.set(span, walk)
      path.push(span)
      span = parentIn(byId, span)
    }
    if (span === undefined || metIn.get(span) !== walk) continue
    for (const member of path.slice(path.indexOf(span))) {
      member.faults.push('parent.cycle')
      countFault(faults, 'parent.cycle')
    }
  }
}

function parentIn(byId: ReadonlyMap<string, Span>, { traceId, parentSpanId }: Span): Span | undefined {
  return parentSpanId === null ? undefined : byId.get(idOf({ traceId, spanId: parentSpanId }))
}
