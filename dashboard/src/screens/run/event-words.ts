import type { LoggedEvent } from '../../api/views.ts'
import { isRef, shortRef } from '../../format/ref.ts'

/** What an event says beyond its type. */
export function inWords(event: LoggedEvent): string {
  switch (event.type) {
    case 'run.cancel_requested':
      return `by ${event.actor}: ${event.reason}`
    case 'stage.waiting':
      return `waits for ${event.waitingFor}`
    case 'stage.resumed':
      return event.cause
    case 'stage.produced':
      return outputsInWords(event.outputs)
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

function outputsInWords(outputs: Record<string, unknown>): string {
  return Object.entries(outputs)
    .map(([port, value]) => {
      if (isRef(value)) return `${port} ${shortRef(value)}`
      return typeof value === 'object' && value !== null ? port : `${port} ${String(value)}`
    })
    .join(', ')
}
