import type { Example } from '../../domain/dataset/example.ts'
import { seededIndex } from '../../domain/statistics/random.ts'
import { type Parameter, adamStep, parameter } from './adam.ts'
import { type Adapter, HEADS, type HeadName, createAdapter } from './adapter.ts'
import { type Case, type Gradients, learnCase, readCase } from './loss.ts'
import type { Model } from './model.ts'
import { learnVocabulary, readRow } from './vocabulary.ts'

export interface Hyperparameters {
  rank: number
  epochs: number
  learning_rate: number
  seed: number
}

export interface Progress {
  epoch: number
  epochs: number
  /** Mean loss of the epoch's rows, over all heads. */
  loss: number
}

export interface Trained {
  model: Model
  metrics: {
    loss: number
    train_intent_accuracy: number
    train_action_accuracy: number
    rows: number
    templates: number
  }
}

const BATCH = 16
/** The rate falls linearly to this share of its start. */
const FINAL_RATE = 0.1
const WEIGHT_DECAY = 0.01

/** Training rows are missing, or say nothing that could be learned. */
export class TrainingDataError extends Error {}

/** Pure: the same examples, in the same order, and the same hyperparameters give the same model to the bit. */
export function train(
  examples: readonly Example[],
  hyperparameters: Hyperparameters,
  onEpoch: (progress: Progress) => void = () => {},
): Trained {
  const rows = examples.filter((example) => example.split === 'train').map(readRow)
  if (rows.length === 0) throw new TrainingDataError('no row has the split "train"')
  const { rank, epochs, learning_rate, seed } = hyperparameters
  const vocabulary = learnVocabulary(rows)
  const cases = rows.map((row) => readCase(row, vocabulary))
  const classes = {
    intent: vocabulary.intents.length,
    action: vocabulary.actions.length,
    template: vocabulary.templates.length,
  }
  const adapter = createAdapter(rank, classes, seed)
  const { parameters, gradients } = parametersOf(adapter)
  const index = seededIndex(seed ^ 0x5eed)
  const steps = epochs * Math.ceil(cases.length / BATCH)
  let step = 0
  let totals = { loss: 0, intent: 0, action: 0 }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    totals = { loss: 0, intent: 0, action: 0 }
    const order = shuffled(cases, index)
    for (let from = 0; from < order.length; from += BATCH) {
      const batch = order.slice(from, from + BATCH)
      for (const one of batch) {
        const result = learnCase(adapter, gradients, one, 1 / batch.length, index)
        totals.loss += result.loss
        totals.intent += Number(result.correct.intent)
        totals.action += Number(result.correct.action)
      }
      step++
      const rate = learning_rate * (1 - (1 - FINAL_RATE) * (step / steps))
      for (const one of parameters) adamStep(one, step, rate, WEIGHT_DECAY)
    }
    onEpoch({ epoch, epochs, loss: totals.loss / cases.length })
  }
  return {
    model: { adapter, vocabulary, hyperparameters: { ...hyperparameters } },
    metrics: {
      loss: totals.loss / cases.length,
      train_intent_accuracy: totals.intent / cases.length,
      train_action_accuracy: totals.action / cases.length,
      rows: cases.length,
      templates: classes.template,
    },
  }
}

function parametersOf(adapter: Adapter): { parameters: Parameter[]; gradients: Gradients } {
  const a = parameter(adapter.a)
  const k = parameter(adapter.k)
  const g = parameter(adapter.g)
  const p = parameter(adapter.p)
  const head = (name: HeadName) => ({
    b: parameter(adapter.heads[name].b),
    bias: parameter(adapter.heads[name].bias),
  })
  const heads = { intent: head('intent'), action: head('action'), template: head('template') }
  const gradientOf = (name: HeadName) => ({ b: heads[name].b.gradient, bias: heads[name].bias.gradient })
  return {
    parameters: [a, k, g, p, ...HEADS.flatMap((name) => [heads[name].b, heads[name].bias])],
    gradients: {
      a: a.gradient,
      k: k.gradient,
      g: g.gradient,
      p: p.gradient,
      heads: { intent: gradientOf('intent'), action: gradientOf('action'), template: gradientOf('template') },
    },
  }
}

/** Fisher and Yates. */
function shuffled(cases: readonly Case[], index: (n: number) => number): Case[] {
  const order = [...cases]
  for (let i = order.length - 1; i > 0; i--) {
    const j = index(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
