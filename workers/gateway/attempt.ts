import { Untranslatable } from '../../domain/providers/provider.ts'
import type { AttemptTimes } from '../../domain/routing/attempt-times.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import type { Call } from './call.ts'
import { checksWholeStreams } from './checks.ts'
import { failedResponse, noResponse, silence, untranslatable } from './failure.ts'
import { openStream } from './open-stream.ts'
import type { Answer, Failure } from './outcome.ts'
import { giveUp, startPatience, stopWaiting, waitUpTo } from './patience.ts'
import { send } from './send.ts'
import { wholeAnswer, wholeStream } from './whole-answer.ts'

/** One question to one target, until there is a whole answer, the beginning of a stream, or a failure. */
export async function attempt(
  call: Call,
  target: RouteTarget,
  times: AttemptTimes,
  honourRetryAfterMs: number,
): Promise<Answer | Failure> {
  const startedAt = Date.now()
  const patience = startPatience(times.headersMs)
  call.running = patience
  call.runningTarget = target.id
  try {
    const response = await send(call, target, patience.controller.signal)
    const left = times.totalMs - (Date.now() - startedAt)
    if (response.status < 200 || response.status >= 300) {
      // An error's body is short: one that does not come is not worth the request's time.
      waitUpTo(patience, Math.min(left, times.headersMs))
      const failure = await failedResponse(target, response, honourRetryAfterMs)
      stopWaiting(patience)
      return failure
    }
    if (
      call.asked.stream &&
      (call.active.spec.commit === 'complete' || checksWholeStreams(call.active.spec))
    ) {
      const { firstChunkMs, heldChunkMs: chunkMs, totalMs } = times
      const deadline = startedAt + totalMs
      const answer = await wholeStream(call, target, response, patience, { firstChunkMs, chunkMs, deadline })
      stopWaiting(patience)
      return answer
    }
    if (call.asked.stream) {
      waitUpTo(patience, Math.min(left, times.firstChunkMs))
      const opened = await openStream(call, target, response, patience)
      if (typeof opened === 'string') return noResponse(opened, response.status)
      waitUpTo(patience, times.totalMs - (Date.now() - startedAt))
      return opened
    }
    // Another target may still answer where this one drips.
    waitUpTo(patience, Math.min(left, times.firstChunkMs))
    const answer = await wholeAnswer(call, target, response, patience)
    if (answer.kind === 'large') waitUpTo(patience, times.totalMs - (Date.now() - startedAt))
    else stopWaiting(patience)
    return answer
  } catch (error) {
    stopWaiting(patience)
    if (error instanceof Untranslatable) return untranslatable(target, error)
    return noResponse(silence(patience, error), null)
  }
}

/** Ends what an answer that nobody wants is still doing. */
export function discard(call: Call): void {
  for (const { running } of [call, ...call.sides]) if (running) giveUp(running)
}
