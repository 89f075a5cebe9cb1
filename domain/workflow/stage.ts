import * as z from 'zod'
import { Json } from '../json.ts'
import { Name } from '../ref.ts'
import { contractOf, PORTS, STAGE_KINDS } from '../stages/contracts.ts'
import { Condition } from './condition.ts'
import { PortName, producerOf, Source } from './source.ts'

export const Retry = z.strictObject({
  /** Attempts in all, the first included. */
  attempts: z.number().int().min(1).max(20).default(1),
  /** Longest wait before the second attempt; doubled for each further one. The wait is drawn from zero up to it. */
  backoffSeconds: z.number().min(0).max(3600).default(1),
  /** The doubling ends here. */
  maxBackoffSeconds: z.number().min(0).max(86_400).default(3600),
  /** Codes of errors that are not tried again. */
  final: z.array(z.string().min(1)).default([]),
})

export const MapOver = z.strictObject({
  /** A list: each item is a piece of work of its own. */
  over: Source,
  /** Items that are worked on at the same time. */
  parallel: z.number().int().min(1).max(1000).default(20),
  /** Items that may fail before the stage does. */
  maxFailures: z.number().int().min(0).default(0),
})

export const Stage = z.strictObject({
  kind: z.enum(STAGE_KINDS),
  owner: z.string().min(1, 'a stage needs an owner'),
  /** Further stages that must have passed first; the producers of `inputs` always must. */
  needs: z.array(Name).default([]),
  inputs: z.record(z.string(), Source).default({}),
  /** What the stage gives: for kinds that leave it open (`task`, `workflow`). */
  outputs: z.record(PortName, z.enum(PORTS)).exactOptional(),
  with: z.record(z.string(), Json).default({}),
  gates: z
    .array(z.strictObject({ gate: z.string(), params: z.record(z.string(), Json).default({}) }))
    .default([]),
  retry: Retry.prefault({}),
  timeoutSeconds: z.number().int().min(1).max(86_400).default(3600),
  /** An attempt that gave no sign of life for so long is lost, and tried again. */
  heartbeatSeconds: z.number().int().min(5).max(86_400).exactOptional(),
  when: Condition.exactOptional(),
  /** Signals that must have come before the stage starts. */
  waitFor: z.array(PortName).min(1).exactOptional(),
  map: MapOver.exactOptional(),
  /** The stage takes one slot of this pool while it works. */
  pool: Name.exactOptional(),
  /** The stage that undoes this one, when the run fails after it passed. It runs at no other time. */
  rollback: Name.exactOptional(),
  /** Runs when the run has failed and what took effect is undone; at no other time. */
  onFailure: z.literal(true).exactOptional(),
  /**
   * Whether work that was done before, on equal inputs by equal code, is taken over; the gates are run in any case. Kinds
   * that give the same again do so unless told not to; a task does when it is told to.
   */
  cache: z.boolean().exactOptional(),
})
export type StageDefinition = z.infer<typeof Stage>

/** The stages that must have passed before `stage` starts. */
export function stageNeeds(stage: Pick<StageDefinition, 'needs' | 'inputs' | 'when' | 'map'>): string[] {
  const sources = [...Object.values(stage.inputs), stage.when?.source, stage.map?.over]
  const producers = sources.flatMap((source) => (source === undefined ? [] : (producerOf(source) ?? [])))
  return [...new Set([...stage.needs, ...producers])]
}

/** Whether earlier work of equal inputs is taken over. */
export function isCached({ kind, cache, rollback }: StageDefinition): boolean {
  // What a failed run undoes is not there to be taken over.
  if (rollback !== undefined) return false
  return cache ?? contractOf(kind).cached === 'always'
}
