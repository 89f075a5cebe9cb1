import type { Json } from '../json.ts'
import { moment } from '../gates/waiver.ts'
import type { WorkflowDefinition } from '../workflow/definition.ts'
import { diffWorkflows, type Change } from '../workflow/diff.ts'
import type { VersionRow } from './timeline.ts'

/** A version took the place of another and was weaker: the audit log keeps each such time. */
export interface Replacement {
  fromVersion: string
  toVersion: string
  author: string
  authorName: string | null
  at: number
}

/** Something that a version of the workflow no longer demands, or demands less of. */
export interface Weakened {
  what: 'removed' | 'loosened'
  /** The place in the definition. */
  place: string
  stage: string | null
  gate: string | null
  from: Json
  to: Json
  reason: string
  author: string
  authorName: string | null
  at: number
  fromVersion: string
  toVersion: string
  /** Whether the current version is still weaker here than the one before the change. */
  stands: boolean
  sentence: string
}

/** Every weakening that came with a replacement, newest first. Versions that are not at hand are left out. */
export function weakenedBy(
  replacements: readonly Replacement[],
  versions: readonly VersionRow[],
  current: VersionRow,
): Weakened[] {
  const definitionOf = new Map(versions.map(({ version, definition }) => [version, definition]))
  return replacements
    .toSorted((a, b) => b.at - a.at)
    .flatMap((replacement) => {
      const before = definitionOf.get(replacement.fromVersion)
      const after = definitionOf.get(replacement.toVersion)
      if (!before || !after) return []
      const standing = new Set(weaker(before, current.definition).map(({ at }) => at))
      return weaker(before, after).map((change) => weakened(replacement, change, standing.has(change.at)))
    })
}

function weaker(before: WorkflowDefinition, after: WorkflowDefinition): Change[] {
  return diffWorkflows(before, after).filter((change) => change.weaker)
}

function weakened(replacement: Replacement, change: Change, stands: boolean): Weakened {
  const { at: place, stage, gate, before: from, after: to, reason } = change
  const { author, authorName, at, fromVersion, toVersion } = replacement
  const isWhole =
    change.kind === 'removed' && (place.endsWith(`.gates.${gate}`) || place === `stages.${stage}`)
  const what = isWhole ? 'removed' : 'loosened'
  const who = `${authorName ?? author} on ${moment(at)}`
  const told = isWhole ? 'was removed' : `went from ${JSON.stringify(from)} to ${JSON.stringify(to)}`
  const undone = stands ? '' : ' It was put back since.'
  return {
    what,
    place,
    stage,
    gate,
    from,
    to,
    reason: reason ?? '',
    author,
    authorName,
    at,
    fromVersion,
    toVersion,
    stands,
    sentence: `${subject(change)} ${told} by ${who}: ${reason}.${undone}`,
  }
}

function subject({ at, stage, gate }: Change): string {
  if (gate !== null) {
    const [, parameter] = at.split(`.gates.${gate}.`)
    return parameter === undefined
      ? `The gate ${gate} of ${stage}`
      : `${parameter} of the gate ${gate} of ${stage}`
  }
  return stage !== null && at === `stages.${stage}` ? `The stage ${stage}` : at
}
