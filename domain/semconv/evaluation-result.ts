import { isObject } from '../providers/json-object.ts'
import { first, nameIn, recordOf, textIn } from './attribute.ts'
import type { Attributes } from './span.ts'

/** Name of the event, as `eventName` of an OTLP log record or, before that was there, as its `event.name`. */
export const EVALUATION_RESULT = 'gen_ai.evaluation.result'
/** Characters of an explanation: a judge may write pages. */
const MAX_EXPLANATION = 10_000

/** An OTLP log record with plain JSON attributes; ids are hex. */
export interface EvaluationEvent {
  readonly eventName?: string
  readonly traceId?: string | null
  readonly spanId?: string | null
  readonly attributes: Attributes
  /** Some SDKs put an event's fields there. */
  readonly body?: unknown
}

/** A score that somebody else's evaluator gave to a span. At least one of `traceId` and `responseId` is there. */
export interface ExternalScore {
  /** 32 lower-case hex digits. */
  traceId: string | null
  /** 16 lower-case hex digits; null where the score is of the whole trace. */
  spanId: string | null
  /** The completion that was judged, where no span is told. */
  responseId: string | null
  evaluator: string
  /** On the evaluator's own scale: not only [0, 1]. */
  score: number | null
  label: string | null
  explanation: string | null
  /** Why there is no score, where the evaluation failed. */
  error: string | null
}

/** Why a record is refused, in words for `partialSuccess.errorMessage`. */
export type Refusal = { refused: string }

/**
 * The score that an evaluation's event tells.
 * Source: open-telemetry/semantic-conventions, model/gen-ai/events.yaml, `event.gen_ai.evaluation.result`.
 */
export function externalScore(event: EvaluationEvent): { score: ExternalScore } | Refusal {
  const attributes = { ...recordOf(event.body), ...(isObject(event.attributes) ? event.attributes : {}) }
  const name = event.eventName || nameIn(attributes, 'event.name')
  if (name !== EVALUATION_RESULT) return { refused: `only ${EVALUATION_RESULT} events are taken` }
  const evaluator = nameIn(attributes, 'gen_ai.evaluation.name')
  if (evaluator === null) return { refused: `${EVALUATION_RESULT} needs gen_ai.evaluation.name` }
  const traceId = idOf(event.traceId, 32)
  const score: ExternalScore = {
    traceId,
    spanId: traceId === null ? null : idOf(event.spanId, 16),
    responseId: nameIn(attributes, 'gen_ai.response.id'),
    evaluator,
    score: scoreOf(first(attributes, 'gen_ai.evaluation.score.value')),
    label: nameIn(attributes, 'gen_ai.evaluation.score.label'),
    explanation: explanationIn(attributes),
    error: nameIn(attributes, 'error.type'),
  }
  if (score.traceId === null && score.responseId === null)
    return { refused: `${evaluator}: neither a trace id nor gen_ai.response.id says what was judged` }
  if (score.score === null && score.label === null && score.error === null)
    return { refused: `${evaluator}: has neither a finite score, nor a label, nor an error` }
  return { score }
}

/** An id in hex of any case; one of zeros is none, says OTLP. */
function idOf(value: unknown, digits: number): string | null {
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]+$/i.test(value)) return null
  return /^0+$/.test(value) ? null : value.toLowerCase()
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/

/** Booleans are scores of 0 and 1. JSON has NaN and infinity as texts: they are no scores. */
function scoreOf(value: unknown): number | null {
  if (typeof value === 'boolean') return Number(value)
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function explanationIn(attributes: Attributes): string | null {
  const text = textIn(attributes, 'gen_ai.evaluation.explanation')
  return text?.slice(0, MAX_EXPLANATION).toWellFormed() ?? null
}
