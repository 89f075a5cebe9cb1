/** The Worker under fire: the same code, with a D1, a queue and alarms that fail now and then. */
import worker, * as sluice from '../../workers/index.ts'
import type { Env } from '../../workers/env.ts'
import { shakenD1 } from './faults/d1.ts'
import { step, strikes } from './faults/dice.ts'
import { repeatBatch, shakenBatch } from './faults/queue.ts'

function shaken(env: Env): Env {
  return { ...env, LINEAGE: shakenD1(env, env.LINEAGE) }
}

async function shakenAlarm(env: object, alarm: () => Promise<void>): Promise<void> {
  step()
  await alarm()
  if (strikes(env, 'alarm.after', (faults) => faults.alarm)) throw new Error('injected after the alarm')
}

export class WorkflowRun extends sluice.WorkflowRun {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, shaken(env))
  }
  override alarm(): Promise<void> {
    return shakenAlarm(this.env, () => super.alarm())
  }
}

export class EvaluationRun extends sluice.EvaluationRun {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, shaken(env))
  }
  override alarm(): Promise<void> {
    return shakenAlarm(this.env, () => super.alarm())
  }
}

export class GateLock extends sluice.GateLock {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, shaken(env))
  }
  override alarm(): Promise<void> {
    return shakenAlarm(this.env, () => super.alarm())
  }
}

export class RouteRegistry extends sluice.RouteRegistry {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, shaken(env))
  }
  override alarm(): Promise<void> {
    return shakenAlarm(this.env, () => super.alarm())
  }
}

export class MapRun extends sluice.MapRun {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, shaken(env))
  }
  override alarm(): Promise<void> {
    return shakenAlarm(this.env, () => super.alarm())
  }
}

export class SlotPool extends sluice.SlotPool {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, shaken(env))
  }
  override alarm(): Promise<void> {
    return shakenAlarm(this.env, () => super.alarm())
  }
}

export default {
  fetch: (request, env, ctx) => worker.fetch(request, shaken(env), ctx),

  async queue(batch, env, ctx) {
    const handle = (messages: MessageBatch) => worker.queue(messages, shaken(env))
    ctx.waitUntil(repeatBatch(env, batch, handle))
    await handle(shakenBatch(env, batch))
  },

  scheduled: (controller, env) => worker.scheduled(controller, shaken(env)),
} satisfies ExportedHandler<Env>
