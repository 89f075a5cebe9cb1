import type { FaultCode } from './fault.ts'
import type { OtlpLimits } from './limits.ts'

/** What is kept while one record is read. */
export interface Reading {
  limits: OtlpLimits
  /** UTF-8 bytes that the record may still take. */
  left: number
  /** Some text of it was not UTF-8: U+FFFD stands for what could not be read. */
  lossy: boolean
  faults: FaultCode[]
}

export function reading(limits: OtlpLimits, lossy: boolean): Reading {
  return { limits, left: limits.recordBytes, lossy, faults: [] }
}

/** Marks a fault once. */
export function mark({ faults }: Reading, code: FaultCode): void {
  if (!faults.includes(code)) faults.push(code)
}

/** Proto3 JSON: null is as good as absent. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
