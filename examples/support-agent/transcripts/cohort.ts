import type { RecordKind } from './records.ts'

/** A product area: a cohort of transcripts. Texts are patterns (see pattern.ts). */
export interface Cohort {
  name: string
  /** How often customers write about it, next to the other areas. */
  weight: number
  intents: readonly Intent[]
  /** First messages that say the area but not what is wanted. */
  vague: readonly string[]
  /** Requests that two intents understand equally well: even a person could not tell. */
  ambiguous: readonly { intents: readonly [string, string]; ask: string }[]
}

export interface Intent {
  intent: string
  /** The tool that a good agent calls; `answer_only` when there is nothing to do but to say. */
  action: string
  /** The record that the answer is about. */
  record: RecordKind
  asks: readonly string[]
  spanish: readonly string[]
  german: readonly string[]
  /** The help-centre passage with the policy: three sentences, of which the one at `policy` answers. */
  passage: readonly [string, string, string]
  policy: 0 | 1 | 2
  /** Good replies: `{field}` of the record, `{policy}` the passage's sentence. */
  replies: readonly string[]
}
