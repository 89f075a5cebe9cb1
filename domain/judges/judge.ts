import * as z from 'zod'
import type { Message } from '../dataset/transcript.ts'
import type { EvaluatorInfo, EvaluatorInput } from '../evaluators/evaluator.ts'
import { inputProblem, round } from '../evaluators/source.ts'
import type { Json } from '../json.ts'
import { readJudgement, refusedField } from './judgement.ts'
import { frame } from './frame.ts'

/** What the judge said of a row, as a score. */
export interface JudgeVerdict {
  /** In [0, 1]. */
  score: number
  reason: string
  /** The verdict as the judge gave it, where it is one of a few. */
  label?: string
  evidence: Record<string, unknown>
}

/** One row, ready to be sent to a model, and how what comes back is read. */
export interface JudgeQuestion {
  messages: readonly Message[]
  /** Hash of what is judged. An answer must repeat it: text that was written before the row was cannot. */
  contentId: string
  /** `refused` says what is wrong with an answer in words of ours alone, so that it can be told to the model. */
  read(answer: string): JudgeVerdict | { refused: string }
}

/** An evaluator whose score is a language model's answer to a fixed prompt. Pure: asking is for the Worker. */
export interface Judge extends EvaluatorInfo {
  readonly engine: 'judge'
  /** JSON Schema of the answer, for `response_format`. The same for every row, since providers compile it. */
  readonly schema: Record<string, Json>
  /** The question for a row, or why the row cannot be judged. */
  question(input: EvaluatorInput): JudgeQuestion | { error: string }
}

/** What of a row is shown. */
export type Shown = Record<string, Json>
/** The score of an answer, or why it does not fit what was shown. */
type Read = Omit<JudgeVerdict, 'reason'> | { refused: string }

interface JudgeDefinition<F extends z.ZodRawShape> extends Omit<EvaluatorInfo, 'engine' | 'params'> {
  /** What is graded and how, for the model. Say when each verdict is due. A change needs a new version. */
  rubric: string
  show(input: EvaluatorInput): Shown | { error: string }
  /** The answer's fields after `reason`; verdicts are enumerated, never free text. */
  fields: F
  read(answer: z.infer<z.ZodObject<F>>, shown: Shown): Read
}

/** Longest reason that is kept, in characters. */
const MAX_REASON = 1000

/** A judge of a rubric, a selection of the row and a verdict. The frame around them is the same for all. */
export function defineJudge<F extends z.ZodRawShape>({
  rubric,
  show,
  fields,
  read,
  ...info
}: JudgeDefinition<F>): Judge {
  // The reason stands before the verdict: a model that has to explain first decides better.
  const Answer = z.strictObject({ content_id: z.string(), reason: z.string(), ...fields })
  const { $schema: _, ...schema } = z.toJSONSchema(Answer) as Record<string, Json>
  return {
    ...info,
    engine: 'judge',
    schema,
    question(input) {
      const problem = inputProblem(input)
      if (problem) return { error: problem }
      const shown = show(input)
      if (isError(shown)) return shown
      const framed = frame({ name: info.name, version: info.version, rubric, schema }, shown)
      if ('error' in framed) return framed
      return {
        ...framed,
        read(text) {
          const answer = readJudgement(Answer, text)
          if ('refused' in answer) return answer
          const { content_id, reason } = answer.value as { content_id: string; reason: string }
          if (content_id !== framed.contentId) return refusedField('content_id', 'is not the id of the row')
          const found = read(answer.value as z.infer<z.ZodObject<F>>, shown)
          if ('refused' in found) return found
          return { ...found, score: round(found.score), reason: reason.trim().slice(0, MAX_REASON) }
        },
      }
    },
  }
}

function isError(shown: Shown | { error: string }): shown is { error: string } {
  return typeof shown.error === 'string'
}
