import * as z from 'zod'
import type { ToolCall } from '../dataset/tool-call.ts'
import type { EvaluatorInput } from '../evaluators/evaluator.ts'
import type { Guardrail } from '../routing/route.ts'

/** One thing that was said: a message of a request, or a choice of an answer. */
export interface Said {
  /** Null where a choice only calls tools, or refuses in so many words. */
  text: string | null
  toolCalls: readonly ToolCall[]
}

/** What a check looks at: a request that is about to be asked, or an answer that is about to be sent. */
export interface Subject {
  /** Every text that goes out, arguments of tools and a request's variables included. */
  texts: readonly string[]
  /** What users and their tools say in a request; what each choice of an answer says. */
  said: readonly Said[]
  /** Part of it is no text: tokens instead of words. */
  unreadable: boolean
  /** What evaluators may know beside. */
  input: Omit<EvaluatorInput, 'response'>
}

export interface Judged {
  /** In [0, 1]; null when it could not be scored. */
  score: number | null
  /** Why it could not, where that is known. */
  note?: 'too_long'
  /** A text without what was found in it. Only of checks that can tell where that stands. */
  redact?: (text: string) => string
}

/** A guardrail's check, with its parameters read once. It may throw: what cannot be scored has not passed. */
export type Check = (subject: Subject) => Judged

export interface CompiledGuardrail {
  check: string
  on: Guardrail['on']
  passAt: number
  onFail: Guardrail['onFail']
  judge: Check
}

/** What a guardrail said of one request or answer. Never what it found. */
export const GuardrailVerdict = z.object({
  check: z.string(),
  on: z.enum(['request', 'response']),
  passed: z.boolean(),
  /** Null when it could not be scored, which is no pass. */
  score: z.number().nullable(),
  action: z.enum(['none', 'refuse', 'redact', 'next_target', 'flag']),
  /** Why there is no score. */
  note: z.enum(['failed', 'too_long', 'unreadable']).exactOptional(),
  /** Whose answer it was. */
  target: z.string().exactOptional(),
})
export type GuardrailVerdict = z.infer<typeof GuardrailVerdict>
