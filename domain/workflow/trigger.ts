import * as z from 'zod'
import { RUN_STATUSES } from '../run/state.ts'
import { Json } from '../json.ts'
import { Name, Ref } from '../ref.ts'
import { cronFault, isTimeZone } from '../triggers/cron.ts'
import { PortName } from './source.ts'

/** What a start by this trigger gives the run besides the defaults of its inputs. */
const base = { name: Name, inputs: z.record(PortName, Json).default({}) }

const CronExpression = z.string().superRefine((cron, context) => {
  const fault = cronFault(cron)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})

const TimeZone = z
  .string()
  .refine(isTimeZone, 'must be a name of the IANA time zone database, such as Europe/Berlin')

/** A ref that can move: a version stands for ever. */
const AliasRef = Ref.regex(/@(?![0-9a-f]{64}$)/, 'must be kind:name@alias: a version never moves')

/** What starts a run without a person. */
export const Trigger = z.discriminatedUnion('on', [
  z.strictObject({
    ...base,
    on: z.literal('cron'),
    /** Five fields, as in crontab(5). */
    cron: CronExpression,
    timeZone: TimeZone.default('UTC'),
    /** What to do about times that were missed: nothing, one start for the last of them, or one for each. */
    catchUp: z.enum(['skip', 'latest', 'all']).default('latest'),
  }),
  z.strictObject({
    ...base,
    on: z.literal('dataset'),
    /** A new version of this dataset starts a run with it as `input`. */
    dataset: Name,
    input: PortName,
  }),
  z.strictObject({
    ...base,
    on: z.literal('alias'),
    /** When this alias moves, a run starts with what it points at as `input`. */
    alias: AliasRef,
    input: PortName.exactOptional(),
  }),
  z.strictObject({
    ...base,
    on: z.literal('incident'),
    /** A cohort of this route was flagged. */
    route: Name,
  }),
  z.strictObject({
    ...base,
    on: z.literal('run'),
    /** A run of this workflow ended so. */
    workflow: Name,
    status: z
      .enum(RUN_STATUSES)
      .extract(['succeeded', 'failed', 'cancelled', 'rolled_back'])
      .default('succeeded'),
  }),
])
export type Trigger = z.infer<typeof Trigger>

/** What a trigger listens to: the dataset, alias, route or workflow; the expression of a cron. */
export function subjectOf(trigger: Trigger): string {
  switch (trigger.on) {
    case 'cron':
      return trigger.cron
    case 'dataset':
      return trigger.dataset
    case 'alias':
      return trigger.alias
    case 'incident':
      return trigger.route
    case 'run':
      return trigger.workflow
  }
}
