import * as z from 'zod'
import { Name } from '../ref.ts'
import { OCCASIONS } from './event.ts'
import { INCIDENT_KINDS } from './cause.ts'
import type { IncidentSettings } from './state.ts'

const HOUR_MS = 3_600_000
const Hours = z
  .number()
  .positive()
  .max(24 * 90)
/** Names of endpoints in the Worker's settings. */
const Endpoints = z.array(Name).min(1).max(10)

/** Which incidents a rule is for: a rule that changes production is for cohorts below their score, unless it says more. */
const kinds = z.array(z.enum(INCIDENT_KINDS)).min(1)
const ofChange = {
  kinds: kinds.default(['cohort']),
  /** Findings before it acts: 2 waits for a second sweep that sees the same. */
  afterSweeps: z.number().int().min(1).max(30).default(1),
}

const Notify = z.strictObject({
  do: z.literal('notify'),
  to: Endpoints,
  on: z.array(z.enum(OCCASIONS)).min(1).default(['opened', 'reopened', 'resolved']),
  /** All of them when absent. */
  kinds: kinds.exactOptional(),
})

/** Takes the canary's share of the route away. */
const StopCanary = z.strictObject({
  do: z.literal('stop-canary'),
  ...ofChange,
  coolDownHours: Hours.default(1),
})

/** Puts the route's version before this one in force. */
const RollBack = z.strictObject({
  do: z.literal('roll-back'),
  ...ofChange,
  /** Time after a rollback of the route, whatever it was for, in which there is no other. */
  coolDownHours: Hours.default(24),
  /** Only where a change is likely behind it: going back from none puts nothing right. */
  onlyAfterChange: z.boolean().default(true),
})

/** Starts a run of a workflow. */
const Retrain = z.strictObject({
  do: z.literal('retrain'),
  workflow: Name,
  ...ofChange,
  coolDownHours: Hours.default(7 * 24),
})

export const ActionRule = z.discriminatedUnion('do', [Notify, StopCanary, RollBack, Retrain])
export type ActionRule = z.infer<typeof ActionRule>
export type ActionKind = ActionRule['do']

/** What stands under `incidents` in a monitor stage: how a route's incidents end, and what is done about them. */
export const IncidentPolicy = z
  .strictObject({
    /** Sweeps in a row without the cause that resolve an incident. */
    goodSweeps: z.number().int().min(1).max(30).default(2),
    reopenWithinHours: Hours.default(72),
    actions: z.array(ActionRule).max(20).default([]),
  })
  .superRefine(({ actions }, context) => {
    const seen = new Set<string>()
    for (const [index, rule] of actions.entries()) {
      if (rule.do === 'notify') continue
      const key = rule.do === 'retrain' ? `retrain ${rule.workflow}` : rule.do
      if (seen.has(key))
        context.addIssue({
          code: 'custom',
          path: ['actions', index, 'do'],
          message: `${key} has a rule already: name all its kinds in one`,
        })
      seen.add(key)
    }
  })
export type IncidentPolicy = z.infer<typeof IncidentPolicy>

/** What the state machine of incidents needs of a policy. */
export function settingsOf({ goodSweeps, reopenWithinHours }: IncidentPolicy): IncidentSettings {
  return { goodSweeps, reopenWithinMs: reopenWithinHours * HOUR_MS }
}
