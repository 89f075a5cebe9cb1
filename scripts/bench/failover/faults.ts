/** What the provider does with one attempt. Times in ms. */
export type Action =
  | { kind: 'error'; status: number; error: ProviderError; headers?: Record<string, string> }
  /** The connection is reset before any byte of a response. */
  | { kind: 'reset' }
  /** The request is taken, and nothing ever comes. */
  | { kind: 'silence'; ms: number }
  | ({ kind: 'stream' } & StreamFault)

export interface ProviderError {
  message: string
  type: string
  param: string | null
  code: string | null
}

/** A stream of the canonical answer; without any field a healthy one. */
export interface StreamFault {
  /** Between the headers, which come at once, and the first token. */
  firstTokenMs?: number
  /** The connection ends after so many tokens, without the chunk that would end the body. */
  cutAfter?: number
  /** Silence before the cut. */
  stallMs?: number
  /** An event that is no JSON comes as the stream's so-many-th. */
  malformedAt?: number
  /** Ends as HTTP wants it, without `data: [DONE]`. */
  noDone?: boolean
}

export interface Attempt {
  /** Of this model in this scenario, from 1. */
  number: number
  /** Since the scenario began. */
  atMs: number
  /** The last message is the assistant's: the model is asked to go on from there. */
  prefill: boolean
}

const RETRY_AFTER_S = 2
const FIRST_TOKEN_MS = 20_000
const STALL_MS = 30_000
const SILENCE_MS = 120_000
export const OUTAGE_MS = 60_000

const HEALTHY: Action = { kind: 'stream' }

/** Behaviour by model, so that any system meets a fault by ordinary configuration. Every other model is healthy. */
const FAULTS: Record<string, (attempt: Attempt) => Action> = {
  's01-429-retry-after': ({ number }) =>
    number === 1 ? { ...LIMITED, headers: { 'retry-after': String(RETRY_AFTER_S) } } : HEALTHY,
  's02-429-persistent': () => LIMITED,
  's03-500-once': ({ number }) => (number === 1 ? BROKEN : HEALTHY),
  's04-503-persistent': () => OVERLOADED,
  's05-reset-once': ({ number }) => (number === 1 ? { kind: 'reset' } : HEALTHY),
  's06-silent': () => ({ kind: 'silence', ms: SILENCE_MS }),
  's07-slow-first-token': () => ({ kind: 'stream', firstTokenMs: FIRST_TOKEN_MS }),
  's08-cut': () => ({ kind: 'stream', cutAfter: 40 }),
  's09-stall': () => ({ kind: 'stream', cutAfter: 20, stallMs: STALL_MS }),
  's10-malformed-event': () => ({ kind: 'stream', malformedAt: 10 }),
  's11-no-done': () => ({ kind: 'stream', noDone: true }),
  's12-context-length': () =>
    refused('context_length_exceeded', 'This model has a maximum context length of 8192 tokens.'),
  's13-content-policy': () =>
    refused('content_policy_violation', 'The request was rejected by our safety system.'),
  's14-cut': () => ({ kind: 'stream', cutAfter: 40 }),
  's15-outage': ({ atMs }) => (atMs < OUTAGE_MS ? OVERLOADED : HEALTHY),
  's16-503-persistent': () => OVERLOADED,
  'healthy-s14': ({ prefill }) =>
    prefill ? refused('prefill_not_supported', 'The conversation must end with a user message.') : HEALTHY,
}

const LIMITED: Action = fault(429, 'rate_limit_error', 'rate_limit_exceeded', 'Rate limit reached.')
const BROKEN: Action = fault(500, 'server_error', null, 'The server had an error.')
const OVERLOADED: Action = fault(503, 'server_error', null, 'The engine is overloaded.')

export function actionFor(model: string, attempt: Attempt): Action {
  return FAULTS[model]?.(attempt) ?? HEALTHY
}

/** For the log. */
export function described(action: Action): string {
  if (action.kind === 'error') return `${action.status} ${action.error.code ?? ''}`.trim()
  if (action.kind === 'reset') return 'reset'
  if (action.kind === 'silence') return 'silent'
  const { firstTokenMs, cutAfter, stallMs, malformedAt, noDone } = action
  if (firstTokenMs !== undefined) return `first token after ${firstTokenMs / 1000} s`
  if (stallMs !== undefined) return `stalled after ${cutAfter} tokens`
  if (cutAfter !== undefined) return `cut after ${cutAfter} tokens`
  if (malformedAt !== undefined) return `event ${malformedAt} malformed`
  return noDone ? 'no [DONE]' : 'answered'
}

function refused(code: string, message: string): Action {
  return fault(400, 'invalid_request_error', code, message)
}

function fault(status: number, type: string, code: string | null, message: string): Action {
  return { kind: 'error', status, error: { message, type, param: null, code } }
}
