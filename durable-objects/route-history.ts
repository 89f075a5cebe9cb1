import { afterUndo, type TargetMove } from '../domain/lock/undo.ts'

/** Every move of the routes of a project, and the runs whose moves were undone. */
export class RouteHistory {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS move (
        epoch INTEGER PRIMARY KEY, route TEXT NOT NULL, from_version TEXT, to_version TEXT, run_id TEXT);
      CREATE TABLE IF NOT EXISTS undone (route TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (route, run_id));
    `)
  }

  add(epoch: number, route: string, { from, to, runId }: TargetMove): void {
    this.#sql.exec(
      'INSERT INTO move (epoch, route, from_version, to_version, run_id) VALUES (?, ?, ?, ?, ?)',
      epoch,
      route,
      from,
      to,
      runId,
    )
  }

  /** The run that pointed the route at a version last, and was not undone; null for a person. */
  runOf(route: string, version: string): string | null {
    const undone = this.#undone(route)
    return this.#moves(route).findLast((move) => move.to === version && stands(move, undone))?.runId ?? null
  }

  /** Counts a run's moves as undone, and says where the route has to go for that. */
  undo(route: string, runId: string): ReturnType<typeof afterUndo> {
    this.#sql.exec('INSERT OR IGNORE INTO undone (route, run_id) VALUES (?, ?)', route, runId)
    return afterUndo(this.#moves(route), this.#undone(route))
  }

  /** The version itself, or the nearest one before it that was in force by a move that was not undone. */
  standing(route: string, from: string | null, before: (version: string) => string | null): string | null {
    const undone = this.#undone(route)
    if (undone.size === 0) return from
    const moves = this.#moves(route)
    const seen = new Set<string>()
    let candidate = from
    while (candidate !== null && !seen.has(candidate)) {
      seen.add(candidate)
      const version = candidate
      if (moves.some(({ to, runId }) => to === version && (runId === null || !undone.has(runId))))
        return version
      candidate = before(candidate)
    }
    return null
  }

  #moves(route: string): TargetMove[] {
    return this.#sql
      .exec<{ from_version: string | null; to_version: string | null; run_id: string | null }>(
        'SELECT from_version, to_version, run_id FROM move WHERE route = ? ORDER BY epoch',
        route,
      )
      .toArray()
      .map(({ from_version, to_version, run_id }) => ({ from: from_version, to: to_version, runId: run_id }))
  }

  #undone(route: string): Set<string> {
    const rows = this.#sql
      .exec<{ run_id: string }>('SELECT run_id FROM undone WHERE route = ?', route)
      .toArray()
    return new Set(rows.map(({ run_id }) => run_id))
  }
}

function stands({ runId }: TargetMove, undone: ReadonlySet<string>): boolean {
  return runId === null || !undone.has(runId)
}
