import { APPROVAL_DEADLINE_HOURS } from '../gates/approval.ts'
import type { Json } from '../json.ts'
import { APPROVAL_GATE, type KeptStage, type RunState, type StagePlan } from '../run/state.ts'
import { contractOf } from '../stages/contracts.ts'
import { conditionHolds } from './condition.ts'
import type { WorkflowDefinition } from './definition.ts'
import { splitSource } from './source.ts'
import { stageNeeds, type StageDefinition } from './stage.ts'

/** Why there is a run. */
export type RunCause =
  | { by: 'request' }
  | { by: 'trigger'; trigger: string; event: string }
  | { by: 'backfill'; backfillId: string }
  /** From the stages that had not passed in that run. */
  | { by: 'rerun'; runId: string; from: readonly string[] }
  /** A stage of another run. */
  | { by: 'stage'; runId: string; stage: string; attempt: number }

/** A run as it was started; nothing of it changes afterwards. */
export interface RunRecord {
  project: string
  runId: string
  workflow: string
  workflowVersion: string
  definition: WorkflowDefinition
  plan: Record<string, StagePlan>
  /** Every source that is not the output of a stage, by the text that names it, pinned to a version. */
  pinned: Record<string, string>
  /** Inputs that are plain values, by name. */
  values: Record<string, Json>
  author: string
  codeSha: string
  createdAt: number
  cause: RunCause
  /** Runs that wait for the same slot start in this order, highest first. */
  priority: number
  /** Stages that take over no earlier work, by the wish of the author. */
  force: readonly string[]
  /** The past run that this one executes again. Its inputs are judged as of then: they are old by intent. */
  reproduces?: { runId: string; createdAt: number }
  /** Hash of what an idempotency key was sent with. */
  requested?: string
  /** Stages whose results were taken over from the run that this one repeats. */
  kept?: Record<string, KeptStage>
}

/** What the state machine has to know of a definition. Conditions on inputs of the run are decided now. */
export function planOf(
  definition: WorkflowDefinition,
  values: Record<string, Json> = {},
): Record<string, StagePlan> {
  const stages = Object.entries(definition.stages)
  const rollbacks = new Set(stages.map(([, { rollback }]) => rollback))
  return Object.fromEntries(
    stages.map(([name, stage]) => {
      const role = rollbacks.has(name) ? 'rollback' : stage.onFailure ? 'failure' : undefined
      const waitFor = signalsOf(stage)
      const plan: StagePlan = {
        kind: stage.kind,
        needs: stageNeeds(stage),
        gates: stage.gates.map(({ gate }) => gate),
        ...approvalOf(stage),
        retry: stage.retry,
        timeoutSeconds: stage.timeoutSeconds,
        ...(stage.heartbeatSeconds === undefined ? {} : { heartbeatSeconds: stage.heartbeatSeconds }),
        takesEffect: contractOf(stage.kind).takesEffect === true,
        ...(stage.when ? { when: decideCondition(stage.when, values) } : {}),
        ...(waitFor.length > 0 ? { waitFor } : {}),
        ...(stage.rollback === undefined ? {} : { rollback: stage.rollback }),
        ...(role === undefined ? {} : { role }),
      }
      return [name, plan]
    }),
  )
}

function approvalOf({ gates }: StageDefinition): Pick<StagePlan, 'approval'> {
  const gate = gates.find((each) => each.gate === APPROVAL_GATE)
  if (!gate) return {}
  const hours = Number(gate.params.deadlineHours ?? APPROVAL_DEADLINE_HOURS)
  return { approval: { deadlineSeconds: hours * 3600 } }
}

/** Signals that a stage says it waits for, and those whose payload it reads. */
function signalsOf(stage: StageDefinition): string[] {
  const sources = [...Object.values(stage.inputs), stage.when?.source, stage.map?.over]
  const read = sources.flatMap((source) => {
    if (source === undefined || source.includes(':')) return []
    const [from, signal] = splitSource(source)
    return from === 'signals' ? [signal] : []
  })
  return [...new Set([...(stage.waitFor ?? []), ...read])]
}

function decideCondition(
  when: NonNullable<StageDefinition['when']>,
  values: Record<string, Json>,
): NonNullable<StagePlan['when']> {
  const [from, name] = splitSource(when.source)
  return from === 'inputs' ? conditionHolds(when, values[name]) : when
}

/** The stages that neither change production nor need one that does. */
export function planWithoutEffects(plan: Record<string, StagePlan>): Record<string, StagePlan> {
  const known = new Map<string, boolean>()
  const isPure = (name: string): boolean => {
    const before = known.get(name)
    if (before !== undefined) return before
    const stage = plan[name]
    // Another workflow may change production in its turn.
    const changesNothing = stage !== undefined && !stage.takesEffect && stage.kind !== 'workflow'
    const pure = changesNothing && !stage.role && stage.needs.every(isPure)
    known.set(name, pure)
    return pure
  }
  return Object.fromEntries(
    Object.entries(plan).flatMap(([name, { rollback: _, ...stage }]) =>
      isPure(name) ? [[name, stage]] : [],
    ),
  )
}

/** The sources that a run has to pin when it starts: its inputs and every artifact ref in a stage. */
export function sourcesToPin(definition: WorkflowDefinition): string[] {
  const inStages = Object.values(definition.stages).flatMap((stage) => Object.values(stage.inputs))
  const refs = inStages.filter((source) => source.includes(':'))
  const artifacts = Object.entries(definition.inputs).filter(([, { kind }]) => kind !== 'value')
  return [...new Set([...artifacts.map(([name]) => `inputs.${name}`), ...refs])]
}

/** What a source gives in a run: a pinned ref, a value, a signal's payload or the output of a stage that has passed. */
export function resolveSource(run: RunRecord, state: RunState, source: string): Json {
  const pinned = run.pinned[source]
  if (pinned !== undefined) return pinned
  const [from, name] = splitSource(source)
  if (from === 'inputs') return run.values[name] ?? null
  if (from === 'signals') return state.signals[name]?.payload ?? null
  return state.stages[from]?.outputs[name] ?? null
}

/** The values of a stage's inputs. */
export function resolveInputs(run: RunRecord, state: RunState, stage: StageDefinition): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(stage.inputs).map(([port, source]) => [port, resolveSource(run, state, source)]),
  )
}

/** What a rerun takes over: stages that had passed, but for those that change production and those after `from`. */
export function keptStages(
  run: Pick<RunRecord, 'runId' | 'plan'>,
  state: RunState,
  from: readonly string[],
): Record<string, KeptStage> {
  const kept: Record<string, KeptStage> = {}
  const isKnown = (name: string) => Object.hasOwn(kept, name)
  const isKept = (name: string): boolean => {
    const { takesEffect, role, needs, rollback } = run.plan[name]!
    const { status, verdicts } = state.stages[name]!
    const isDone = status === 'passed' || status === 'cached'
    // A waiver was for that time: whether the gate lets the stage through is asked again.
    const isWaived = Object.values(verdicts).some(({ verdict }) => verdict === 'waived')
    // What was undone is gone.
    const isUndone = takesEffect || rollback !== undefined
    return isDone && !isWaived && !isUndone && !role && !from.includes(name) && needs.every(isKnown)
  }
  // Needs stand in any order: go round until nothing is added.
  for (let size = -1; size < Object.keys(kept).length;) {
    size = Object.keys(kept).length
    for (const name of Object.keys(run.plan)) {
      if (isKnown(name) || !isKept(name)) continue
      const { outputs, verdicts, cachedFrom } = state.stages[name]!
      kept[name] = { outputs, verdicts, cachedFrom: cachedFrom ?? { runId: run.runId, stage: name } }
    }
  }
  return kept
}
