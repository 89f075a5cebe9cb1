import type { Json } from '../json.ts'
import type { RunState, StagePlan } from '../run/state.ts'
import { STAGE_CONTRACTS } from '../stages/contracts.ts'
import { splitSource, stageNeeds, type StageDefinition, type WorkflowDefinition } from './definition.ts'

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
  author: string
  codeSha: string
  createdAt: number
  /** The past run that this one executes again. Its inputs are judged as of then: they are old by intent. */
  reproduces?: { runId: string; createdAt: number }
}

/** What the state machine has to know of a definition. */
export function planOf(definition: WorkflowDefinition): Record<string, StagePlan> {
  return Object.fromEntries(
    Object.entries(definition.stages).map(([name, stage]) => [
      name,
      {
        kind: stage.kind,
        needs: stageNeeds(stage),
        gates: stage.gates.map(({ gate }) => gate),
        retry: stage.retry,
        timeoutSeconds: stage.timeoutSeconds,
        takesEffect: STAGE_CONTRACTS[stage.kind].takesEffect,
      },
    ]),
  )
}

/** The stages that neither change production nor need one that does. */
export function planWithoutEffects(plan: Record<string, StagePlan>): Record<string, StagePlan> {
  const isPure = (name: string): boolean => {
    const stage = plan[name]
    return stage !== undefined && !stage.takesEffect && stage.needs.every(isPure)
  }
  return Object.fromEntries(Object.entries(plan).filter(([name]) => isPure(name)))
}

/** The sources that a run has to pin when it starts: its inputs and every artifact ref in a stage. */
export function sourcesToPin(definition: WorkflowDefinition): string[] {
  const inStages = Object.values(definition.stages).flatMap((stage) => Object.values(stage.inputs))
  const refs = inStages.filter((source) => source.includes(':'))
  return [...new Set([...Object.keys(definition.inputs).map((name) => `inputs.${name}`), ...refs])]
}

/** The values of a stage's inputs: pinned refs, and outputs of stages that have passed. */
export function resolveInputs(run: RunRecord, state: RunState, stage: StageDefinition): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(stage.inputs).map(([port, source]) => {
      const pinned = run.pinned[source]
      if (pinned !== undefined) return [port, pinned]
      const [producer, output] = splitSource(source)
      return [port, state.stages[producer]?.outputs[output] ?? null]
    }),
  )
}
