import type { EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { readRows, type LabelledSet } from './sets.ts'

/** What an evaluator is given, and what people say of it. */
export interface LabelledInput {
  input: EvaluatorInput
  label: 0 | 1
  cluster: string
  /** A part of the set with figures of its own. */
  group?: string
}

interface GroundednessRow {
  id: string
  title?: string
  context: string | string[]
  response: string
  label: 0 | 1
}

/** The title of what is spoken of is part of the context: its name is no invention. */
export function groundednessInputs({ folder }: LabelledSet): LabelledInput[] {
  return readRows<GroundednessRow>(folder).map(({ title, context, response, label }) => ({
    input: {
      messages: [],
      context: [...(title === undefined ? [] : [title]), ...[context].flat()],
      response,
    },
    label,
    cluster: [context].flat().join('\n').slice(0, 500),
  }))
}

interface ContextRelevanceRow {
  id: string
  question: string
  title?: string
  contexts: string[]
  labels: (0 | 1)[]
}

/** One input a question: its items are scored beside each other, as they stand in a prompt. */
export interface RelevanceInput {
  input: EvaluatorInput
  labels: (0 | 1)[]
  cluster: string
}

export function relevanceInputs({ folder }: LabelledSet): RelevanceInput[] {
  return readRows<ContextRelevanceRow>(folder).map(({ id, question, contexts, labels }) => ({
    input: { messages: [{ role: 'user', content: question }], context: contexts, response: '' },
    labels,
    cluster: id,
  }))
}
