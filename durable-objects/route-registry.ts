import { DurableObject } from 'cloudflare:workers'
import type { DayUse } from '../domain/routing/limits.ts'
import type { RouteVersion } from '../domain/routing/route.ts'
import type { Env } from '../workers/env.ts'
import { recordDeployment, type Deployment, type Withdrawal } from '../workers/lineage/deployments.ts'
import { RouteHistory } from './route-history.ts'
import { RouteStore } from './route-store.ts'
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
  kind: 'deploy' | 'canary' | 'rollback'
  actor: string
  runId: string | null
  reason: string
}

export type ActivationAnswer =
  | { ok: true; epoch: number; previous: string | null }
  | { ok: false; code: 'route.moved' | 'fence.stale' | 'route.no_rollback' | 'not.found'; detail: string }

/**
 * The one authority for what each route of a project points at. A change is a compare-and-set under the fencing token
 * of the route's gate lock; the lineage database is told afterwards, and isolates hold a snapshot.
 */
export class RouteRegistry extends DurableObject<Env> {
  readonly #history: RouteHistory
  readonly #store: RouteStore

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#history = new RouteHistory(ctx.storage.sql)
    this.#store = new RouteStore(ctx.storage.sql)
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS outbox (epoch INTEGER PRIMARY KEY, deployment TEXT NOT NULL)',
    )
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
      const { kind, version } = activation
      const previous = this.#previousOf(activation, current)
      this.#store.point(activation, previous, now)
      const runId = this.#runOf(activation, current)
      const move = { kind, routeVersion: version, previousVersion: current?.version ?? null }
      return { ok: true, epoch: this.#record({ ...activation, runId }, move, now), previous }
    })
    void this.ctx.storage.setAlarm(now)
    return answer
  }

  /** Points the route back at the version before the current one. */
  rollback(
    request: Omit<Activation, 'expect' | 'version' | 'spec' | 'kind'>,
  ): ActivationAnswer & { version?: string } {
    const current = this.#route(request.route)
    if (!current) return { ok: false, code: 'not.found', detail: `There is no route ${request.route}` }
    if (!current.previous) {
      return {
        ok: false,
        code: 'route.no_rollback',
        detail: `The route ${request.route} has no version before its current one`,
      }
    }
    const { spec } = this.#store.version(current.previous)!
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
      this.#store.remove(route)
      this.#store.fence(route, fence)
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
      this.#store.fence(route, fence)
      const undo = this.#history.undo(route, runId)
      if (!undo || undo.from !== (current?.version ?? null)) return { ok: true }
      if (undo.to === null) {
        this.#store.remove(route)
        this.#record(request, { kind: 'withdraw', routeVersion: null, previousVersion: undo.from! }, now)
        return { ok: true, moved: null }
      }
      const { spec, previous } = this.#store.version(undo.to)!
      this.#store.point({ ...request, version: undo.to, spec }, previous, now)
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
    return { epoch: current, routes: this.#store.names().map((name) => this.#route(name)!) }
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

  /**
   * A rollback goes on to what its target came from, so that rolling back twice goes back twice. It goes to a version that
   * everybody had: one with a canary is passed over, whichever step it had reached.
   */
  #previousOf({ kind, version }: Activation, current: ActiveRoute | undefined): string | null {
    if (kind !== 'rollback') {
      if (!current || current.version === version) return current?.previous ?? null
      const before =
        kind === 'canary' || (current.spec.canary && current.previous) ? current.previous : current.version
      if (before !== version) return before
    }
    return this.#store.version(version)?.previous ?? null
  }

  /** A step of a canary belongs to the run that began it, and is undone with it; taking it away is the person's own. */
  #runOf({ kind, route, spec, runId }: Activation, current: ActiveRoute | undefined): string | null {
    if (kind !== 'canary') return runId
    return spec.canary && current ? this.#history.runOf(route, current.version) : null
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
    const row = this.#store.pointer(name)
    if (!row) return undefined
    const before = (version: string) => this.#store.version(version)?.previous ?? null
    return { route: name, ...row, previous: this.#history.standing(name, row.previous, before) }
  }

  #epoch(): number {
    return this.ctx.storage.kv.get<number>('epoch') ?? 0
  }

  #refuse(
    current: ActiveRoute | undefined,
    { route, expect, fence }: Pick<Activation, 'route' | 'expect' | 'fence'>,
  ): Extract<ActivationAnswer, { ok: false }> | undefined {
    const last = Math.max(current?.fence ?? 0, this.#store.fencedAt(route))
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
}

type Moved<D extends Deployment | Withdrawal> = Pick<D, 'kind' | 'routeVersion' | 'previousVersion'>
