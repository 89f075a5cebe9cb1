/** What one project has of a pool. */
export interface ProjectShare {
  project: string
  /** Slots that it holds. */
  granted: number
  /** Requests of it that wait. */
  waiting: number
  /** Number of the grant that served it last. */
  turn: number
  /** Number of the request that brought it into the pool; it leaves when it neither holds nor waits. */
  since: number
}

/**
 * A project that comes anew stands just before the one that was served last. Further in front, a stream of newcomers
 * could keep everyone else from ever being served; and time in which nothing was asked for would earn a credit.
 */
export function newShare(project: string, since: number, grants: number): ProjectShare {
  return { project, granted: 0, waiting: 0, turn: grants - 1, since }
}

/**
 * The project that gets the next free slot: the one that holds fewest, then the one served longest ago, then the one that
 * has been in the pool longest.
 *
 * No project starves while holders release. One that waits unserved comes to hold nothing, and so is among those that
 * hold fewest. From then on, each grant goes to a project whose turn is not after its own, and puts the turn of that
 * project after it; newcomers come after it as well. So it is passed over at most once by each project that is there.
 */
export function nextProject(shares: readonly ProjectShare[]): ProjectShare | undefined {
  const waiting = shares.filter((share) => share.waiting > 0)
  return waiting.length === 0 ? undefined : waiting.reduce((a, b) => (isBefore(b, a) ? b : a))
}

/**
 * Place of a request in the queue of the whole pool, 1 for the next, if nobody released or asked any more. `ahead` counts
 * the requests of its own project that come before it.
 *
 * Serving whoever holds fewest is serving in rounds: the request brings its project from `round` to `round + 1` slots, and
 * every project below that gets there first. Within a round, those that hold more were not served in the rounds before,
 * and so have waited longer.
 */
export function placeInPool(shares: readonly ProjectShare[], project: string, ahead: number): number {
  const own = shares.find((share) => share.project === project)!
  const round = own.granted + ahead
  return shares.reduce((place, other) => {
    if (other.project === project) return place
    const below = round - other.granted
    if (below < 0) return place
    const isFirstInRound =
      other.granted > own.granted || (other.granted === own.granted && isBefore(other, own))
    return place + Math.min(below + (isFirstInRound ? 1 : 0), other.waiting)
  }, ahead + 1)
}

function isBefore(a: ProjectShare, b: ProjectShare): boolean {
  return (a.granted - b.granted || a.turn - b.turn || a.since - b.since) < 0
}
