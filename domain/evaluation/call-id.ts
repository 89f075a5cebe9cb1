/** A gateway call: its own span, in the trace of the caller. An agent makes many calls in one trace. */
export interface CallId {
  /** 32 hex digits. */
  traceId: string
  /** 16 hex digits; the trace id in calls of which only the trace was recorded. */
  spanId: string
}

/** The call as a row of an online evaluation: `TRACE/SPAN`. */
export function callRowId({ traceId, spanId }: CallId): string {
  return `${traceId}/${spanId}`
}

/** Rows of sweeps from when there was one call a trace are named by the trace alone. */
export function callOfRow(rowId: string): CallId {
  const [traceId = '', spanId = traceId] = rowId.split('/')
  return { traceId, spanId }
}
