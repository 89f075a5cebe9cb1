import type { Evaluated, EvaluatorInput } from '../evaluator.ts'

/** A row with an answer and, where given, a good answer. */
export function answered(response: string, reference?: string): EvaluatorInput {
  return { messages: [], context: [], response, ...(reference === undefined ? {} : { reference }) }
}

/** The score of a row that could be scored. */
export function scoreOf(result: Evaluated): number {
  if ('error' in result) throw new Error(result.error)
  return result.score
}
