import * as z from 'zod'
import { shortRef } from '../ref.ts'
import { judge, onInconclusive, type Gate } from './gate.ts'

const DAY_MS = 86_400_000

const Params = z.strictObject({
  /** Oldest that an input may be, in days. */
  maxAgeDays: z.number().positive(),
  /** Whether an input may be older than a newer version of the same name. */
  allowOlderVersion: z.boolean().default(false),
  onInconclusive,
})

export interface FreshnessEvidence {
  now: number
  inputs: { ref: string; createdAt: number; newer: { ref: string; createdAt: number } | null }[]
}

/** Stage drift: an input is older than its limit, or older than a newer version of it. */
export const freshness: Gate<z.infer<typeof Params>, FreshnessEvidence> = {
  name: 'freshness',
  stages: ['ingest', 'clean', 'features', 'train', 'evaluate'],
  params: Params,
  evaluate(params, { now, inputs }) {
    const faults = inputs.flatMap(({ ref, createdAt, newer }) => {
      const days = (now - createdAt) / DAY_MS
      const name = shortRef(ref)
      if (days > params.maxAgeDays)
        return [`${name} is ${days.toFixed(1)} days old; ${params.maxAgeDays} are allowed`]
      if (!params.allowOlderVersion && newer) return [`${name} is older than ${shortRef(newer.ref)}`]
      return []
    })
    if (inputs.length === 0) {
      return {
        verdict: 'not_run',
        sentence: 'There is no input whose age is known.',
        evidence: { now, inputs },
      }
    }
    return judge(
      faults,
      `All inputs are at most ${params.maxAgeDays} days old and the newest of their name.`,
      { now, inputs },
    )
  },
}
