import type { Plan } from '../../domain/routing/plan.ts'
import { discard } from './attempt.ts'
import type { Call } from './call.ts'
import { nothingServed, serve, type Served } from './serve.ts'

/** Why an attempt ended that nobody waits for any more. */
const OVERTAKEN = 'another target was faster'

interface Side {
  /** A copy, so that each side can be ended alone. */
  call: Call
  served: Served
  done: Promise<Served>
}

/**
 * Asks the chain, and when nothing has answered after `hedgeMs` the rest of it beside the target that is being asked. The
 * first answer is taken, and the other side ended without waiting for its end.
 */
export async function serveHedged(call: Call, plan: Plan, hedgeMs: number): Promise<Served> {
  const chain = side(call, plan)
  const early = await Promise.race([chain.done, scheduler.wait(hedgeMs).then(() => undefined)])
  if (early) return early
  const rest = plan.targets.slice(plan.targets.findIndex(({ id }) => id === chain.call.runningTarget) + 1)
  if (rest.length === 0 || rest.length === plan.targets.length) return chain.done
  chain.call.restAsked = true
  const hedge = side(call, { ...plan, targets: rest })
  const ended = (one: Side) => one.done.then(() => one)
  const faster = await Promise.race([ended(chain), ended(hedge)])
  const slower = faster === chain ? hedge : chain
  if (!faster.served.answer) return merged(await slower.done, faster)
  slower.call.clientGone = true
  discard(slower.call)
  return merged(faster.served, slower)
}

function side(of: Call, plan: Plan): Side {
  const call: Call = { ...of, sides: [] }
  of.sides.push(call)
  const served = nothingServed(call)
  return { call, served, done: serve(call, plan, served) }
}

/** The attempts of both sides stand in one record. */
function merged(taken: Served, { call, served }: Side): Served {
  const overtaken =
    taken.answer && call.runningTarget !== undefined && !served.answer
      ? [{ target: call.runningTarget, status: null, reason: OVERTAKEN, ms: Date.now() - call.startedAt }]
      : []
  return {
    ...taken,
    failure: taken.failure ?? served.failure,
    attempts: [...served.attempts, ...overtaken, ...taken.attempts],
  }
}
