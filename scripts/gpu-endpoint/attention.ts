import { type Adapter, dot, project, projectBack, softmax } from './adapter.ts'
import type { Features } from './encoder.ts'

/**
 * Pools a conversation's sentences into one hidden state: greetings, details and settled matters say nothing about what
 * is wanted, and a sum would drown the one sentence that does.
 * weight_s = softmax over sentences of g·x_s; hidden = Σ weight_s·A·x_s.
 */
export interface Pooled {
  hidden: Float32Array
  weights: Float32Array
  /** A·x_s */
  projections: Float32Array[]
}

export function pool({ a, g, rank }: Adapter, sentences: readonly Features[]): Pooled {
  const weights = softmax(Float32Array.from(sentences, (sentence) => project(g, 1, sentence)[0]!))
  const projections = sentences.map((sentence) => project(a, rank, sentence))
  const hidden = new Float32Array(rank)
  projections.forEach((projection, at) => {
    for (let j = 0; j < rank; j++) hidden[j] = hidden[j]! + weights[at]! * projection[j]!
  })
  return { hidden, weights, projections }
}

/** Adds the gradients of A and g, given that of the hidden state. */
export function poolBack(
  gradients: Pick<Adapter, 'a' | 'g'>,
  sentences: readonly Features[],
  { weights, projections }: Pooled,
  hiddenGradient: Float32Array,
): void {
  const rank = hiddenGradient.length
  const gains = projections.map((projection) => dot(projection, hiddenGradient))
  const mean = gains.reduce((sum, gain, at) => sum + gain * weights[at]!, 0)
  sentences.forEach((sentence, at) => {
    const weight = weights[at]!
    projectBack(
      gradients.a,
      rank,
      sentence,
      hiddenGradient.map((value) => weight * value),
    )
    projectBack(gradients.g, 1, sentence, Float32Array.of(weight * (gains[at]! - mean)))
  })
}
