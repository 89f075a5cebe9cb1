import type { LoggedEvent } from '../../api/views.ts'
import { isRef, shortRef } from '../../format/ref.ts'

/** What an event says beyond its type. */
export function inWords(event: LoggedEvent): string {
  switch (event.type) {
    case 'run.cancel_requested':
    case 'run.paused':
      return `by ${event.actor}: ${event.reason}`
    case 'run.resumed':
      return `by ${event.actor}`
    case 'run.signalled':
      return `${event.signal}, by ${event.actor}${event.payload === null ? '' : `: ${JSON.stringify(event.payload)}`}`
    case 'stage.waiting':
      return `waits for ${event.waitingFor}`
    case 'stage.resumed':
      return event.cause
    case 'stage.outdated':
      return `judged anew: ${event.cause}`
    case 'stage.produced':
      return outputsInWords(event.outputs) + takenOver(event.cachedFrom)
    case 'stage.attempt_failed':
      return `${event.error.message} (${event.error.code}${event.retryable ? ', may be tried again' : ''})`
    case 'gate.evaluated':
      return event.sentence
    case 'stage.compensated':
      return event.detail
    default:
      return ''
  }
}

function takenOver(from: { runId: string; stage: string } | undefined): string {
  return from ? `, taken over from ${from.stage} of ${from.runId}` : ''
}

function outputsInWords(outputs: Record<string, unknown>): string {
  return Object.entries(outputs)
    .map(([port, value]) => {
      if (isRef(value)) return `${port} ${shortRef(value)}`
      return typeof value === 'object' && value !== null ? port : `${port} ${String(value)}`
    })
    .join(', ')
}
