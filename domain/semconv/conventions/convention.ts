import { isEmpty } from '../attribute.ts'
import type { Metadata } from '../metadata.ts'
import type { SemconvSpan } from '../span.ts'
import type { SpanFields } from '../view.ts'

export type ConventionName =
  | 'sluice'
  | 'gen_ai'
  | 'vercel_ai'
  | 'openinference'
  | 'traceai'
  | 'gen_ai_previous'

/** What a convention says of a span: fields that it says nothing of are absent. */
export interface Reading extends Partial<SpanFields> {
  metadata?: Metadata
  cohort?: string
}

/** A set of attribute names. It reads its own alone, so that which of two counts is said in one place, the normaliser. */
export interface Convention {
  readonly name: ConventionName
  /** Never throws, whatever the attributes are. */
  read(span: SemconvSpan): Reading
}

/** A reading without what is not there: null, and empty lists and records. */
export function stated(fields: { [K in keyof Reading]?: Reading[K] | null | undefined }): Reading {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as Reading
}
