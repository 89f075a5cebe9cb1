import { CANARY_KINDS, type CanaryRecall } from './canaries.ts'
import type { KindCounts } from './kinds.ts'
import { REDACTOR } from './redact.ts'
import { RESIDUAL_DETECTOR } from './residual.ts'

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** Ours: what the predicate below means. */
export const REDACTION_PREDICATE_TYPE = 'https://sluice.dev/attestations/redaction/v1'

/** What was redacted from one dataset version, what an independent detector still found, and how well redaction is known to work. */
export interface RedactionPredicate {
  redactor: { name: string; version: string }
  residualDetector: { name: string; version: string }
  rows: number
  /** Redacted, by kind. */
  findings: KindCounts
  /** Still found in the redacted rows, by kind. */
  residual: KindCounts
  /** Synthetic personal data planted in copies of sentences, and how much of it the redactor took out. */
  canaries: {
    seed: number
    planted: number
    found: number
    byKind: Record<string, { planted: number; found: number }>
  }
}

export interface RedactionStatement {
  _type: typeof STATEMENT_TYPE
  subject: { name: string; digest: { sha256: string } }[]
  predicateType: typeof REDACTION_PREDICATE_TYPE
  predicate: RedactionPredicate
}

export interface RedactionFacts {
  /** The redacted dataset version, such as `dataset:support@12`. */
  dataset: { ref: string; sha256: string }
  rows: number
  findings: KindCounts
  residual: KindCounts
  canaries: CanaryRecall
}

/** The statement as plain data; the caller serialises and signs it (DSSE). Throws a RangeError for what is no SHA-256. */
export function redactionStatement({
  dataset,
  rows,
  findings,
  residual,
  canaries,
}: RedactionFacts): RedactionStatement {
  if (!/^[0-9a-f]{64}$/.test(dataset.sha256))
    throw new RangeError('dataset.sha256 must be 64 lower-case hex digits')
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: dataset.ref, digest: { sha256: dataset.sha256 } }],
    predicateType: REDACTION_PREDICATE_TYPE,
    predicate: {
      redactor: { ...REDACTOR },
      residualDetector: { ...RESIDUAL_DETECTOR },
      rows,
      findings: { ...findings },
      residual: { ...residual },
      canaries: {
        seed: canaries.seed,
        planted: canaries.planted,
        found: canaries.found,
        byKind: Object.fromEntries(CANARY_KINDS.map((kind) => [kind, { ...canaries.byKind[kind] }])),
      },
    },
  }
}

/** Sums counts by kind over shards. */
export function addCounts(a: KindCounts, b: KindCounts): KindCounts {
  const sum: Record<string, number> = { ...a }
  for (const [kind, count] of Object.entries(b)) sum[kind] = (sum[kind] ?? 0) + count
  return sum
}
