import type { AgentAnswer, Message } from '../dataset/transcript.ts'

/** What an evaluator may look at. `response` is the model's answer as it came, a JSON document or plain text. */
export interface EvaluatorInput {
  /** The conversation; the last user message is the request. */
  messages: readonly Message[]
  /** The passages and records the model was given, as text. */
  context: readonly string[]
  response: string
  /** The good answer, where one is known (offline). Absent online. */
  expected?: AgentAnswer
  /** JSON Schema that the response must satisfy. */
  schema?: unknown
}

/** `error` means that the row could not be scored; it is counted apart and never becomes a 0. */
export type Evaluated =
  | {
      score: number
      /** One sentence a person understands. */
      reason: string
      /** The numbers and texts behind the score: best window, missing numbers, schema errors. JSON values only. */
      evidence?: Record<string, unknown>
      /** True when the score had no reference to compare with and says less than its name. */
      weak?: boolean
    }
  | { error: string }

/** A pure, deterministic scorer. A change of any score needs a new `version`. */
export interface Evaluator {
  readonly name: string
  readonly version: string
  /** `rule` needs no model; `judge` calls one. */
  readonly engine: 'rule' | 'judge'
  evaluate(input: EvaluatorInput): Evaluated
}
