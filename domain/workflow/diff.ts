import type { Json } from '../json.ts'
import type { WorkflowDefinition } from './definition.ts'
import { change, differingLeaves, keysOf, ownOf, type Change } from './diff/change.ts'
import { stageChanges } from './diff/stages.ts'

export type { Change }

/** Parts of a definition besides its stages and triggers. */
const PARTS = ['name', 'description', 'inputs', 'outputs', 'timeoutSeconds', 'concurrency'] as const

/**
 * What changed between two versions of a workflow, and what got weaker: gates that are gone or looser, stages that no
 * longer wait for them, effects that are no longer undone. Defaults that are written down and the order of entries are
 * no changes.
 */
export function diffWorkflows(before: WorkflowDefinition, after: WorkflowDefinition): Change[] {
  return [
    ...PARTS.flatMap((part) =>
      differingLeaves(before[part] as Json | undefined, after[part] as Json | undefined, [part]).map(
        ({ path, before: from, after: to }) => change({ path }, from, to),
      ),
    ),
    ...triggerChanges(before, after),
    ...stageChanges(before, after),
  ]
}

function triggerChanges(before: WorkflowDefinition, after: WorkflowDefinition): Change[] {
  const [old, now] = [triggersByName(before), triggersByName(after)]
  return keysOf(old, now).flatMap((name) => {
    const path = ['triggers', name]
    const [from, to] = [ownOf(old, name), ownOf(now, name)]
    if (!from || !to) return [change({ path }, from, to)]
    return differingLeaves(from, to, path).map((leaf) => change(leaf, leaf.before, leaf.after))
  })
}

function triggersByName({ triggers = [] }: WorkflowDefinition): Record<string, Json> {
  return Object.fromEntries(triggers.map((trigger) => [trigger.name, trigger as Json]))
}
