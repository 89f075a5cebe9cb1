import { seededIndex } from '../../domain/statistics/random.ts'
import { DIMENSIONS, type Features } from './encoder.ts'

/**
 * Low-rank adapters on the frozen encoder, as in LoRA (Hu et al. 2021) with a frozen weight of zero for the labels:
 * hidden = A·x pooled over sentences (see attention.ts), logits = B·hidden + bias. Knowledge is picked by a bilinear
 * score, whose frozen part is the cosine: score(x, k) = PICK_SCALE·cos(x, k) + (P·hidden)·(K·k).
 * B, P and g start at zero, so an untrained adapter changes nothing.
 */
export interface Adapter {
  rank: number
  /** A and K lie feature by feature (DIMENSIONS × rank): a sparse input reads whole lines of memory. */
  a: Float32Array
  k: Float32Array
  /** Attention over sentences: DIMENSIONS × 1 */
  g: Float32Array
  /** rank × rank */
  p: Float32Array
  heads: Record<HeadName, Head>
}

export const HEADS = ['intent', 'action', 'template'] as const
export type HeadName = (typeof HEADS)[number]

export interface Head {
  /** classes × rank */
  b: Float32Array
  bias: Float32Array
}

export const PICK_SCALE = 4
/** Half-width of the uniform start values of A and K. */
const START = 0.2

export function createAdapter(rank: number, classes: Record<HeadName, number>, seed: number): Adapter {
  const index = seededIndex(seed)
  const uniform = (size: number) =>
    Float32Array.from({ length: size }, () => ((index(2 ** 24) / 2 ** 23 - 1) * START) / Math.sqrt(rank))
  const head = (n: number): Head => ({ b: new Float32Array(n * rank), bias: new Float32Array(n) })
  return {
    rank,
    a: uniform(DIMENSIONS * rank),
    k: uniform(DIMENSIONS * rank),
    g: new Float32Array(DIMENSIONS),
    p: new Float32Array(rank * rank),
    heads: { intent: head(classes.intent), action: head(classes.action), template: head(classes.template) },
  }
}

/** matrix·x for a matrix that lies feature by feature. */
export function project(matrix: Float32Array, rank: number, { indices, weights }: Features): Float32Array {
  const out = new Float32Array(rank)
  for (let n = 0; n < indices.length; n++) {
    const from = indices[n]! * rank
    const weight = weights[n]!
    for (let j = 0; j < rank; j++) out[j] = out[j]! + weight * matrix[from + j]!
  }
  return out
}

/** gradient += outer(x, hiddenGradient): the counterpart of `project`. */
export function projectBack(
  gradient: Float32Array,
  rank: number,
  { indices, weights }: Features,
  hiddenGradient: Float32Array,
): void {
  for (let n = 0; n < indices.length; n++) {
    const from = indices[n]! * rank
    const weight = weights[n]!
    for (let j = 0; j < rank; j++) gradient[from + j] = gradient[from + j]! + weight * hiddenGradient[j]!
  }
}

/** matrix (rows × columns)·vector */
export function multiply(matrix: Float32Array, vector: Float32Array): Float32Array {
  const columns = vector.length
  const out = new Float32Array(matrix.length / columns)
  for (let row = 0; row < out.length; row++) {
    let sum = 0
    for (let j = 0; j < columns; j++) sum += matrix[row * columns + j]! * vector[j]!
    out[row] = sum
  }
  return out
}

export function logits(head: Head, hidden: Float32Array): Float32Array {
  const out = multiply(head.b, hidden)
  for (let row = 0; row < out.length; row++) out[row] = out[row]! + head.bias[row]!
  return out
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

/** In place; returns the same array. */
export function softmax(scores: Float32Array): Float32Array {
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (let i = 0; i < scores.length; i++) sum += scores[i] = Math.exp(scores[i]! - top)
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! / sum
  return scores
}

/** Index of the highest score; the first of equals. -1 for none. */
export function argmax(scores: ArrayLike<number>): number {
  let best = -1
  for (let i = 0; i < scores.length; i++) if (best < 0 || scores[i]! > scores[best]!) best = i
  return best
}
