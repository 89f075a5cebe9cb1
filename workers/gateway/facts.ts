import type { JsonObject } from '../../domain/providers/provider.ts'
import type { Plan } from '../../domain/routing/plan.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import type { Attempt } from '../ingest/spans.ts'
import type { Call } from './call.ts'
import type { WholeAnswer } from './outcome.ts'
import type { StreamOutcome } from './streams.ts'

/** All that is known of a request once it is answered. A span is made of it later, when nobody waits. */
export interface Facts {
  call: Pick<Call, 'asked' | 'context' | 'active' | 'epoch' | 'caller' | 'startedAt' | 'checks'>
  arm: Plan['arm']
  /** The target that answered. */
  target: RouteTarget | undefined
  attempts: readonly Attempt[]
  fallbackReason: string | null
  status: number
  /** `refused` by a guardrail, before any target was asked. */
  outcome: 'answered' | 'cached' | 'failed' | 'refused' | StreamOutcome
  ttftMs: number | null
  endedAt: number
  /** What was answered: a body, or the text of a stream. */
  answer: JsonObject | string | undefined
  usage: JsonObject | null
  repaired?: WholeAnswer['repaired'] | undefined
}
