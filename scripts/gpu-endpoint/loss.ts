import {
  type Adapter,
  HEADS,
  type HeadName,
  PICK_SCALE,
  argmax,
  dot,
  logits,
  multiply,
  project,
  projectBack,
  softmax,
} from './adapter.ts'
import { pool, poolBack } from './attention.ts'
import {
  type Features,
  cosine,
  encodeConversation,
  encodeItem,
  encodeKnowledge,
  encodeQuestion,
} from './encoder.ts'
import { type ReadRow, type Vocabulary, templateClass } from './vocabulary.ts'

/** A row as numbers: encoded once, learned from in every epoch. */
export interface Case {
  sentences: Features[]
  labels: Record<HeadName, number>
  picks: Pick[]
}

/** Knowledge items of one kind, one of which the reply took its content from. */
interface Pick {
  items: Features[]
  cosines: Float32Array
  target: number
}

/** An adapter's shape, holding gradients. */
export type Gradients = Omit<Adapter, 'rank'>

/** Replies differ in style, which nothing in the conversation foretells: their loss counts less. */
const LOSS_WEIGHT: Record<HeadName | 'pick', number> = { intent: 1, action: 1, template: 0.3, pick: 0.5 }

/** Share of a row's features that one step of training does not see. */
const DROPOUT = 0.5

export function readCase(row: ReadRow, vocabulary: Vocabulary): Case {
  return {
    sentences: encodeConversation(row.messages),
    labels: {
      intent: vocabulary.intents.indexOf(row.intent),
      action: vocabulary.actions.indexOf(row.action),
      template: templateClass(vocabulary, row),
    },
    picks: [...pickOf(row, 'record', row.reply.record), ...pickOf(row, 'passage', row.reply.passage)],
  }
}

function pickOf(row: ReadRow, kind: 'record' | 'passage', chosen: number | undefined): Pick[] {
  const same = row.items.flatMap((item, index) => (item.kind === kind ? [{ item, index }] : []))
  if (chosen === undefined || same.length < 2) return []
  const question = encodeQuestion(row.messages)
  return [
    {
      items: same.map(({ item }, position) => encodeItem(item.line, position)),
      cosines: Float32Array.from(same, ({ item }) => cosine(question, encodeKnowledge(item.line))),
      target: same.findIndex(({ index }) => index === chosen),
    },
  ]
}

/** Adds the row's gradients of the cross-entropies, times `scale`. */
export function learnCase(
  adapter: Adapter,
  gradients: Gradients,
  { sentences: whole, labels, picks }: Case,
  scale: number,
  index: (n: number) => number,
): { loss: number; correct: Record<HeadName, boolean> } {
  const { rank } = adapter
  const sentences = whole.map((sentence) => dropped(sentence, index))
  const pooled = pool(adapter, sentences)
  const { hidden } = pooled
  const hiddenGradient = new Float32Array(rank)
  const correct = { intent: false, action: false, template: false }
  let loss = 0
  for (const name of HEADS) {
    const head = adapter.heads[name]
    const target = labels[name]
    const error = softmax(logits(head, hidden))
    correct[name] = argmax(error) === target
    loss -= LOSS_WEIGHT[name] * Math.log(Math.max(1e-12, error[target]!))
    error[target] = error[target]! - 1
    const { b, bias } = gradients.heads[name]
    for (let row = 0; row < error.length; row++) {
      const e = error[row]! * LOSS_WEIGHT[name] * scale
      bias[row] = bias[row]! + e
      for (let j = 0; j < rank; j++) {
        b[row * rank + j] = b[row * rank + j]! + e * hidden[j]!
        hiddenGradient[j] = hiddenGradient[j]! + e * head.b[row * rank + j]!
      }
    }
  }
  for (const pick of picks) loss += learnPick(adapter, gradients, pick, hidden, hiddenGradient, scale)
  poolBack(gradients, sentences, pooled, hiddenGradient)
  return { loss, correct }
}

/** Dropout of single features, scaled up so that the expected sum stays. Rows are few, n-grams are many. */
function dropped({ indices, weights }: Features, index: (n: number) => number): Features {
  const keptIndices = new Uint32Array(indices.length)
  const keptWeights = new Float32Array(indices.length)
  const threshold = DROPOUT * 2 ** 20
  let kept = 0
  for (let n = 0; n < indices.length; n++) {
    if (index(2 ** 20) < threshold) continue
    keptIndices[kept] = indices[n]!
    keptWeights[kept++] = weights[n]! / (1 - DROPOUT)
  }
  return { indices: keptIndices.subarray(0, kept), weights: keptWeights.subarray(0, kept) }
}

function learnPick(
  adapter: Adapter,
  gradients: Gradients,
  { items, cosines, target }: Pick,
  hidden: Float32Array,
  hiddenGradient: Float32Array,
  scale: number,
): number {
  const { rank, p } = adapter
  const wanted = multiply(p, hidden)
  const projected = items.map((item) => project(adapter.k, rank, item))
  const error = softmax(
    Float32Array.from(projected, (item, at) => PICK_SCALE * cosines[at]! + dot(wanted, item)),
  )
  const loss = -LOSS_WEIGHT.pick * Math.log(Math.max(1e-12, error[target]!))
  error[target] = error[target]! - 1
  const wantedGradient = new Float32Array(rank)
  items.forEach((item, at) => {
    const e = error[at]! * LOSS_WEIGHT.pick * scale
    for (let j = 0; j < rank; j++) wantedGradient[j] = wantedGradient[j]! + e * projected[at]![j]!
    projectBack(
      gradients.k,
      rank,
      item,
      wanted.map((value) => e * value),
    )
  })
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j < rank; j++) {
      gradients.p[i * rank + j] = gradients.p[i * rank + j]! + wantedGradient[i]! * hidden[j]!
      hiddenGradient[j] = hiddenGradient[j]! + wantedGradient[i]! * p[i * rank + j]!
    }
  }
  return loss
}
