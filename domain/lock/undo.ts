/** A change of what a target (an alias, a route) points at. */
export interface TargetMove {
  from: string | null
  to: string | null
  /** The run that made it; null for a person. */
  runId: string | null
}

/**
 * Where a target goes when runs are undone: to the last move that stands, whatever the undone ones did on top of each
 * other and in whatever order they are undone. Nothing when it stays: somebody whose move stands has moved it since, or it
 * is there already.
 */
export function afterUndo(
  moves: readonly TargetMove[],
  undone: ReadonlySet<string>,
): { from: string | null; to: string | null } | undefined {
  const stands = ({ runId }: TargetMove) => runId === null || !undone.has(runId)
  const last = moves.at(-1)
  if (!last || stands(last)) return undefined
  const standing = moves.findLast(stands)
  const to = standing ? standing.to : moves[0]!.from
  return to === last.to ? undefined : { from: last.to, to }
}
