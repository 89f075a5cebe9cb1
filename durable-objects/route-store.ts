import type { RouteVersion } from '../domain/routing/route.ts'

interface Pointer {
  version: string
  spec: RouteVersion
  previous: string | null
  fence: number
  activatedAt: number
}

/** What each route of a project points at, every version that was ever in force, and the tokens of the gate lock. */
export class RouteStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS route (
        name TEXT PRIMARY KEY, version TEXT NOT NULL, previous TEXT, fence INTEGER NOT NULL, activated_at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS version (
        version TEXT PRIMARY KEY, spec TEXT NOT NULL, previous TEXT);
      CREATE TABLE IF NOT EXISTS fence (name TEXT PRIMARY KEY, fence INTEGER NOT NULL);
    `)
  }

  names(): string[] {
    const rows = this.#sql.exec<{ name: string }>('SELECT name FROM route ORDER BY name').toArray()
    return rows.map(({ name }) => name)
  }

  pointer(name: string): Pointer | undefined {
    const [row] = this.#sql
      .exec<{ version: string; spec: string; previous: string | null; fence: number; activated_at: number }>(
        'SELECT r.version, v.spec, r.previous, r.fence, r.activated_at FROM route r JOIN version v USING (version) WHERE name = ?',
        name,
      )
      .toArray()
    if (!row) return undefined
    const { spec, activated_at, ...rest } = row
    return { ...rest, spec: JSON.parse(spec) as RouteVersion, activatedAt: activated_at }
  }

  /** A version, and the one that it first took the place of. */
  version(version: string): { spec: RouteVersion; previous: string | null } | undefined {
    const [row] = this.#sql
      .exec<{ spec: string; previous: string | null }>(
        'SELECT spec, previous FROM version WHERE version = ?',
        version,
      )
      .toArray()
    return row && { spec: JSON.parse(row.spec) as RouteVersion, previous: row.previous }
  }

  /** Points a route at a version. What the version first took the place of stays. */
  point(
    { route, version, spec, fence }: { route: string; version: string; spec: RouteVersion; fence: number },
    previous: string | null,
    now: number,
  ): void {
    this.#sql.exec(
      'INSERT OR IGNORE INTO version (version, spec, previous) VALUES (?, ?, ?)',
      version,
      JSON.stringify(spec),
      previous,
    )
    this.#sql.exec(
      'INSERT OR REPLACE INTO route (name, version, previous, fence, activated_at) VALUES (?, ?, ?, ?, ?)',
      route,
      version,
      previous,
      fence,
      now,
    )
  }

  remove(route: string): void {
    this.#sql.exec('DELETE FROM route WHERE name = ?', route)
  }

  fence(route: string, fence: number): void {
    this.#sql.exec(
      'INSERT INTO fence (name, fence) VALUES (?, ?) ON CONFLICT DO UPDATE SET fence = max(fence, excluded.fence)',
      route,
      fence,
    )
  }

  /** Token up to which nobody may move the route: it was taken away under it, or fenced off; 0 when neither. */
  fencedAt(route: string): number {
    const [row] = this.#sql.exec<{ fence: number }>('SELECT fence FROM fence WHERE name = ?', route).toArray()
    return row?.fence ?? 0
  }
}
