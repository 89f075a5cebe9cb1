import type { WorkflowDefinition } from '../definition.ts'
import { splitSource, producerOf } from '../source.ts'
import { stageNeeds, type StageDefinition } from '../stage.ts'

type Stages = WorkflowDefinition['stages']
/** A stage with its name. */
export type NamedStage = readonly [name: string, stage: StageDefinition]

export function stagesOfKind(
  { stages }: WorkflowDefinition,
  ...kinds: StageDefinition['kind'][]
): NamedStage[] {
  return Object.entries(stages).filter(([, { kind }]) => kinds.includes(kind))
}

/** Every stage that has passed before `name` starts, in no order. */
export function upstreamOf(stages: Stages, name: string): Set<string> {
  const found = new Set<string>()
  const visit = (each: string): void => {
    const stage = Object.hasOwn(stages, each) ? stages[each] : undefined
    for (const need of stage ? stageNeeds(stage) : []) {
      if (found.has(need)) continue
      found.add(need)
      visit(need)
    }
  }
  visit(name)
  return found
}

/** Stages that run only while a run ends: they undo another one, or run on failure. */
export function endingStages({ stages }: Pick<WorkflowDefinition, 'stages'>): Set<string> {
  const all = Object.entries(stages)
  const rollbacks = all.flatMap(([, { rollback }]) => (rollback === undefined ? [] : [rollback]))
  return new Set([...rollbacks, ...all.filter(([, { onFailure }]) => onFailure).map(([name]) => name)])
}

/** Where a model comes from: a promotion gives on the model that it took. */
export function originOf(stages: Stages, source: string): string {
  const producer = producerOf(source)
  const stage = producer !== undefined && Object.hasOwn(stages, producer) ? stages[producer] : undefined
  const through =
    stage?.kind === 'promote' && splitSource(source)[1] === 'model' ? stage.inputs.model : undefined
  return through === undefined || through === source ? source : originOf(stages, through)
}

export function gateOf(
  { gates }: StageDefinition,
  name: string,
): { index: number; params: Params } | undefined {
  const index = gates.findIndex(({ gate }) => gate === name)
  return index < 0 ? undefined : { index, params: gates[index]!.params }
}

type Params = StageDefinition['gates'][number]['params']
