import type { FaultCode } from './fault.ts'
import type { OtlpLimits } from './limits.ts'

const NANOS_PER_MS = 1_000_000n

/** The nanoseconds since 1970 that a record may lie between. */
export interface TimeWindow {
  earliest: bigint
  latest: bigint
}

export function timeWindow(now: Date, { futureMs, ancientMs }: OtlpLimits): TimeWindow {
  const nano = (ms: number) => BigInt(Math.trunc(ms)) * NANOS_PER_MS
  return { earliest: nano(now.getTime() - ancientMs), latest: nano(now.getTime() + futureMs) }
}

/** Why a time is out of the window; null where it is within. */
export function timeFault(window: TimeWindow, nano: bigint): FaultCode | null {
  if (nano > window.latest) return 'time.future'
  return nano < window.earliest ? 'time.ancient' : null
}

/** Milliseconds since 1970 of a decimal count of nanoseconds, with the fraction that a number can still hold. */
export function unixMs(nano: string): number {
  return Number(nano) / Number(NANOS_PER_MS)
}

/** How long a span took, exact to the nanosecond before it becomes milliseconds. */
export function durationMs(span: { startTimeUnixNano: string; endTimeUnixNano: string }): number {
  return Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / Number(NANOS_PER_MS)
}
