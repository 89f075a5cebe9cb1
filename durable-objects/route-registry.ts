import { DurableObject } from 'cloudflare:workers'
import type { DayUse } from '../domain/routing/limits.ts'
import type { RouteVersion } from '../domain/routing/route.ts'
import type { Env } from '../workers/env.ts'
import { recordDeployment, type Deployment, type Withdrawal } from '../workers/lineage/deployments.ts'
import { RouteHistory } from './route-history.ts'
import { RouteUse } from './route-use.ts'

const RETRY_MS = 1_000

export interface ActiveRoute {
  route: string
  /** `route:NAME@HASH`. */
  version: string
  spec: RouteVersion
  /** The version that a rollback would go to. */
  previous: string | null
  fence: number
  activatedAt: number
}

/** All routes of a project at one moment. `epoch` grows with every change, rollbacks included. */
export interface RouteSnapshot {
  epoch: number
  routes: ActiveRoute[]
}

export interface Activation {
  project: string
  route: string
  /** Version the route must point at now; null when it must not exist yet. */
  expect: string | null
  version: string
  spec: RouteVersion
  fence: number
  kind: 'deploy' | 'rollback'
  actor: string
  runId: string | null
  reason: string
}

export type ActivationAnswer =
  | { ok: true; epoch: number; previous: string | null }
  | { ok: false; code: 'route.moved' | 'fence.stale' | 'route.no_rollback'; detail: string }

/**
 * The one authority for what each route of a project points at. A change is a compare-and-set under the fencing token
 * of the route's gate lock; the lineage database is told afterwards, and isolates hold a snapshot.
 */
export class RouteRegistry extends DurableObject<Env> {
  readonly #history: RouteHistory

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#history = new RouteHistory(ctx.storage.sql)
    ctx.storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS route (
        name TEXT PRIMARY KEY, version TEXT NOT NULL, previous TEXT, fence INTEGER NOT NULL, activated_at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS version (
        version TEXT PRIMARY KEY, spec TEXT NOT NULL, previous TEXT);
      CREATE TABLE IF NOT EXISTS fence (name TEXT PRIMARY KEY, fence INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS outbox (epoch INTEGER PRIMARY KEY, deployment TEXT NOT NULL);
    `)
  }

  activate(activation: Activation): ActivationAnswer {
    const now = Date.now()
    const answer = this.ctx.storage.transactionSync((): ActivationAnswer => {
      const current = this.#route(activation.route)
      if (current && current.version === activation.version && current.fence === activation.fence) {
        return { ok: true, epoch: this.#epoch(), previous: current.previous }
      }
      const refusal = this.#refuse(current, activation)
      if (refusal) return refusal
      const previous = this.#previousOf(activation, current)
      this.#point(activation, previous, now)
      const { kind, version } = activation
      const move = { kind, routeVersion: version, previousVersion: current?.version ?? null }
      return { ok: true, epoch: this.#record(activation, move, now), previous }
    })
    void this.ctx.storage.setAlarm(now)
    return answer
  }

  /** Points the route back at the version before the current one. */
  rollback(
    request: Omit<Activation, 'expect' | 'version' | 'spec' | 'kind'>,
  ): ActivationAnswer & { version?: string } {
    const current = this.#route(request.route)
    if (!current?.previous) {
      return {
        ok: false,
        code: 'route.no_rollback',
        detail: `The route ${request.route} has no version before its current one`,
      }
    }
    const { spec } = this.#version(current.previous)!
    const answer = this.activate({
      ...request,
      kind: 'rollback',
      expect: current.version,
      version: current.previous,
      spec,
    })
    return { ...answer, version: current.previous }
  }

  /** Takes the route away, when its first deployment is undone. Its fencing token stays in force. */
  withdraw(request: Omit<Activation, 'version' | 'spec' | 'kind'>): ActivationAnswer {
    const now = Date.now()
    const answer = this.ctx.storage.transactionSync((): ActivationAnswer => {
      const current = this.#route(request.route)
      if (!current) return { ok: true, epoch: this.#epoch(), previous: null }
      const refusal = this.#refuse(current, request)
      if (refusal) return refusal
      const { route, fence } = request
      this.ctx.storage.sql.exec('DELETE FROM route WHERE name = ?', route)
      this.#fence(route, fence)
      const move = { kind: 'withdraw', routeVersion: null, previousVersion: current.version } as const
      return { ok: true, epoch: this.#record(request, move, now), previous: null }
    })
    void this.ctx.storage.setAlarm(now)
    return answer
  }

  /**
   * Undoes what a run did to a route, in one step: no older token moves it any more, and it points at the last version
   * whose deployment stands. `moved` says where it went; null when it was taken away, nothing when it stayed.
   */
  undo(
    request: Omit<Activation, 'expect' | 'version' | 'spec' | 'kind' | 'runId'> & { runId: string },
  ): { ok: true; moved?: string | null } | Extract<ActivationAnswer, { ok: false }> {
    const now = Date.now()
    const { route, fence, runId } = request
    const answer = this.ctx.storage.transactionSync((): ReturnType<RouteRegistry['undo']> => {
      const current = this.#route(route)
      const refusal = this.#refuse(current, { route, fence, expect: current?.version ?? null })
      if (refusal) return refusal
      this.#fence(route, fence)
      const undo = this.#history.undo(route, runId)
      if (!undo || undo.from !== (current?.version ?? null)) return { ok: true }
      if (undo.to === null) {
        this.ctx.storage.sql.exec('DELETE FROM route WHERE name = ?', route)
        this.#record(request, { kind: 'withdraw', routeVersion: null, previousVersion: undo.from! }, now)
        return { ok: true, moved: null }
      }
      const { spec, previous } = this.#version(undo.to)!
      this.#point({ ...request, version: undo.to, spec }, previous, now)
      this.#record(request, { kind: 'rollback', routeVersion: undo.to, previousVersion: undo.from }, now)
      return { ok: true, moved: undo.to }
    })
    void this.ctx.storage.setAlarm(now)
    return answer
  }

  /** Nothing when `epoch` is the current one. */
  snapshot(epoch = -1): RouteSnapshot | null {
    const current = this.#epoch()
    if (epoch === current) return null
    const names = this.ctx.storage.sql
      .exec<{ name: string }>('SELECT name FROM route ORDER BY name')
      .toArray()
    return { epoch: current, routes: names.map(({ name }) => this.#route(name)!) }
  }

  /** Adds what an isolate used of a route today; answers with what all did. */
  addUse(route: string, used: DayUse, now: number): DayUse {
    return new RouteUse(this.ctx.storage.kv).add(route, used, now)
  }

  override async alarm(): Promise<void> {
    const rows = this.ctx.storage.sql
      .exec<{ epoch: number; deployment: string }>('SELECT epoch, deployment FROM outbox ORDER BY epoch')
      .toArray()
    try {
      for (const { epoch, deployment } of rows) {
        await recordDeployment(this.env.LINEAGE, JSON.parse(deployment) as Deployment | Withdrawal)
        this.ctx.storage.sql.exec('DELETE FROM outbox WHERE epoch = ?', epoch)
      }
    } catch (error) {
      console.error({ message: 'deployment not recorded yet', error: String(error) })
      void this.ctx.storage.setAlarm(Date.now() + RETRY_MS)
    }
  }

  /** A rollback goes on to what its target came from, so that rolling back twice goes back twice. */
  #previousOf(activation: Activation, current: ActiveRoute | undefined): string | null {
    if (activation.kind === 'rollback') return this.#version(activation.version)?.previous ?? null
    return current?.version === activation.version ? current.previous : (current?.version ?? null)
  }

  #point(
    activation: Pick<Activation, 'route' | 'version' | 'spec' | 'fence'>,
    previous: string | null,
    now: number,
  ): void {
    const { route, version, spec, fence } = activation
    this.ctx.storage.sql.exec(
      'INSERT OR IGNORE INTO version (version, spec, previous) VALUES (?, ?, ?)',
      version,
      JSON.stringify(spec),
      previous,
    )
    this.ctx.storage.sql.exec(
      'INSERT OR REPLACE INTO route (name, version, previous, fence, activated_at) VALUES (?, ?, ?, ?, ?)',
      route,
      version,
      previous,
      fence,
      now,
    )
  }

  #record(
    { project, route, fence, actor, runId, reason }: Omit<Activation, 'expect' | 'version' | 'spec' | 'kind'>,
    move: Moved<Deployment> | Moved<Withdrawal>,
    now: number,
  ): number {
    const epoch = this.#epoch() + 1
    this.ctx.storage.kv.put('epoch', epoch)
    this.#history.add(epoch, route, {
      from: move.previousVersion ?? null,
      to: move.routeVersion ?? null,
      runId,
    })
    const row: Deployment | Withdrawal = {
      deploymentId: `${project}/${epoch}`,
      projectId: project,
      route,
      ...move,
      epoch,
      fence,
      actor,
      runId,
      reason,
      at: now,
    }
    this.ctx.storage.sql.exec(
      'INSERT INTO outbox (epoch, deployment) VALUES (?, ?)',
      epoch,
      JSON.stringify(row),
    )
    return epoch
  }

  #route(name: string): ActiveRoute | undefined {
    const [row] = this.ctx.storage.sql
      .exec<{ version: string; spec: string; previous: string | null; fence: number; activated_at: number }>(
        'SELECT r.version, v.spec, r.previous, r.fence, r.activated_at FROM route r JOIN version v USING (version) WHERE name = ?',
        name,
      )
      .toArray()
    if (!row) return undefined
    const { version, previous, fence, activated_at } = row
    return {
      route: name,
      version,
      spec: JSON.parse(row.spec) as RouteVersion,
      previous: this.#history.standing(name, previous, (version) => this.#version(version)?.previous ?? null),
      fence,
      activatedAt: activated_at,
    }
  }

  #version(version: string): { spec: RouteVersion; previous: string | null } | undefined {
    const [row] = this.ctx.storage.sql
      .exec<{ spec: string; previous: string | null }>(
        'SELECT spec, previous FROM version WHERE version = ?',
        version,
      )
      .toArray()
    return row && { spec: JSON.parse(row.spec) as RouteVersion, previous: row.previous }
  }

  #epoch(): number {
    return this.ctx.storage.kv.get<number>('epoch') ?? 0
  }

  #refuse(
    current: ActiveRoute | undefined,
    { route, expect, fence }: Pick<Activation, 'route' | 'expect' | 'fence'>,
  ): Extract<ActivationAnswer, { ok: false }> | undefined {
    const last = Math.max(current?.fence ?? 0, this.#fencedAt(route))
    if (fence <= last) {
      return {
        ok: false,
        code: 'fence.stale',
        detail: `${route} was moved under token ${last}; token ${fence} is not younger`,
      }
    }
    if ((current?.version ?? null) !== expect) {
      return {
        ok: false,
        code: 'route.moved',
        detail: `${route} points at ${current?.version ?? 'nothing'}, not at ${expect ?? 'nothing'}`,
      }
    }
    return undefined
  }

  #fence(route: string, fence: number): void {
    this.ctx.storage.sql.exec(
      'INSERT INTO fence (name, fence) VALUES (?, ?) ON CONFLICT DO UPDATE SET fence = max(fence, excluded.fence)',
      route,
      fence,
    )
  }

  /** Token up to which nobody may move the route: it was taken away under it, or fenced off; 0 when neither. */
  #fencedAt(route: string): number {
    const [row] = this.ctx.storage.sql
      .exec<{ fence: number }>('SELECT fence FROM fence WHERE name = ?', route)
      .toArray()
    return row?.fence ?? 0
  }
}

type Moved<D extends Deployment | Withdrawal> = Pick<D, 'kind' | 'routeVersion' | 'previousVersion'>
