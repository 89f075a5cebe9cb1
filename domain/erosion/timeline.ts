import type { WorkflowDefinition } from '../workflow/definition.ts'

export interface VersionRow {
  version: string
  definition: WorkflowDefinition
  /** Id of the key that applied it, and its name where that is known. */
  author: string
  authorName: string | null
  createdAt: number
  appliedAt: number
}

/** A version that came into force at `at`. */
export interface Applied extends Omit<VersionRow, 'createdAt' | 'appliedAt'> {
  at: number
}

/**
 * What was in force after what, oldest first. A version that was applied again, after another, stands there twice: at its
 * first time and at its last; what came between those is not kept.
 */
export function timelineOf(versions: readonly VersionRow[]): Applied[] {
  const applied = versions
    .flatMap(({ createdAt, appliedAt, ...version }) =>
      [...new Set([createdAt, appliedAt])].map((at) => ({ ...version, at })),
    )
    .toSorted((a, b) => a.at - b.at)
  return applied.filter(({ version }, index) => version !== applied[index - 1]?.version)
}

/** Since when the current version's gate has been there without a break. */
export function presentSince(timeline: readonly Applied[], stage: string, gate: string): number {
  const absent = timeline.findLastIndex(({ definition }) => !hasGate(definition, stage, gate))
  return timeline[absent + 1]!.at
}

function hasGate({ stages }: WorkflowDefinition, stage: string, gate: string): boolean {
  return Object.hasOwn(stages, stage) && stages[stage]!.gates.some((each) => each.gate === gate)
}
