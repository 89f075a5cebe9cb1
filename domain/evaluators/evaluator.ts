import type * as z from 'zod'
import type { ExpectedToolCall, Tool, ToolCall } from '../dataset/tool-call.ts'
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
  /** The good text, for comparisons of plain text; `expected.reply` where the row has an agent's answer. */
  reference?: string
  /** JSON Schema that the response must satisfy. */
  schema?: unknown
  /** Tools that were offered, and the calls that were made: absent means none are known. */
  tools?: readonly Tool[]
  toolCalls?: readonly ToolCall[]
  /** The calls that are due; an empty list means that none is. */
  expectedToolCalls?: readonly ExpectedToolCall[]
  /** How long the answer took, in milliseconds, and what it cost, in US dollars. */
  latencyMs?: number
  costUsd?: number
}

/** What of an input is the good answer: an evaluation without references, as of online traffic, hides it. */
export const REFERENCE_FIELDS = ['expected', 'reference', 'expectedToolCalls'] as const

/** What a judge or a service behind an evaluator took for one score. */
export interface ScoreCost {
  latencyMs: number
  costUsd: number
  inputTokens?: number
  outputTokens?: number
  /** True when an earlier score of the same content was taken. */
  cached?: boolean
}

/** `error` means that the row could not be scored; it is counted apart and never becomes a 0. */
export type Evaluated =
  | {
      /** In [0, 1]; higher is better. */
      score: number
      /** One sentence a person understands. */
      reason: string
      /** The class, where the evaluator tells classes rather than degrees: a language, a kind of refusal. */
      label?: string
      /** The numbers and texts behind the score: best window, missing numbers, schema errors. JSON values only. */
      evidence?: Record<string, unknown>
      /** True when the score had no reference to compare with and says less than its name. */
      weak?: boolean
      /** Absent for rule engines, which cost nothing but their share of the CPU. */
      cost?: ScoreCost
    }
  | { error: string; cost?: ScoreCost }

/** Who scores: rules in the isolate, a model that judges, an embedding model, the user's own service, or a person. */
export const ENGINES = ['rule', 'judge', 'embedding', 'http', 'human'] as const
export type Engine = (typeof ENGINES)[number]

/** What every engine of an evaluator says of itself. A change of any score needs a new `version`. */
export interface EvaluatorInfo {
  readonly name: string
  readonly version: string
  readonly engine: Engine
  /** One sentence: what a high score means. */
  readonly summary: string
  /** What it reads of the input, where it is there. */
  readonly inputs: readonly (keyof EvaluatorInput)[]
  /** What a suite may set, with defaults; absent when there is nothing to set. */
  readonly params?: z.ZodType
}

/** A pure, deterministic scorer. `P` are the parameters that a suite gives it, `void` for none. */
export interface Evaluator<P = void> extends EvaluatorInfo {
  readonly engine: 'rule'
  readonly params?: z.ZodType<P>
  evaluate(...args: P extends void ? [input: EvaluatorInput] : [input: EvaluatorInput, params: P]): Evaluated
}
