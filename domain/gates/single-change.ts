import * as z from 'zod'
import { onInconclusive, type Gate } from './gate.ts'

/** What of a deployed system can change: one at a time, or a regression has no cause. */
export const CHANGE_AXES = ['model', 'prompt', 'tools', 'retriever', 'route'] as const
export type ChangeAxis = (typeof CHANGE_AXES)[number]

const IN_WORDS: Partial<Record<ChangeAxis, string>> = { route: 'configuration of the route' }

const Params = z.strictObject({ onInconclusive })

export interface SingleChangeEvidence {
  /** What is in production and what would be, by axis; null where an axis is not used. */
  production: Partial<Record<ChangeAxis, string | null>> | null
  candidate: Partial<Record<ChangeAxis, string | null>>
}

/** Only one of prompt, model, retriever, tools and route differs from production. */
export const singleChange: Gate<z.infer<typeof Params>, SingleChangeEvidence> = {
  name: 'single-change',
  stages: ['deploy'],
  params: Params,
  evaluate(_params, { production, candidate }) {
    if (production === null) {
      return {
        verdict: 'passed',
        sentence: 'The first deployment has nothing to differ from.',
        evidence: { production, candidate },
      }
    }
    const changed = CHANGE_AXES.filter((axis) => (production[axis] ?? null) !== (candidate[axis] ?? null))
    const named = changed.map((axis) => IN_WORDS[axis] ?? axis)
    return {
      verdict: changed.length > 1 ? 'failed' : 'passed',
      sentence:
        changed.length > 1
          ? `${named.join(' and ')} change together: a regression could not be told apart. Ship them one after the other.`
          : `Only the ${named[0] ?? 'evidence'} differs from production.`,
      evidence: { production, candidate, changed },
    }
  },
}
