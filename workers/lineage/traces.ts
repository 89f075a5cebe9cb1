import { and, eq, gte, lt } from 'drizzle-orm'
import { traces } from './schema.ts'

export interface TraceWindow {
  project: string
  route: string
  /** Milliseconds since the epoch: from this on, and before `to`. */
  from: number
  to: number
}

/** The condition of being a trace of a route in a window. */
export function tracesIn({ project, route, from, to }: TraceWindow) {
  return and(eq(traces.projectId, project), eq(traces.route, route), gte(traces.at, from), lt(traces.at, to))
}
