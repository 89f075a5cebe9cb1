import type { AgentAnswer, Message } from '../../domain/dataset/transcript.ts'
import { type Adapter, PICK_SCALE, argmax, dot, logits, multiply, project } from './adapter.ts'
import { pool } from './attention.ts'
import { cosine, encodeConversation, encodeItem, encodeKnowledge, encodeQuestion } from './encoder.ts'
import type { KnowledgeItem } from './knowledge.ts'
import { fill } from './templates.ts'
import { type Vocabulary, knowledgeItems } from './vocabulary.ts'

/** All that an artifact holds. */
export interface Model {
  adapter: Adapter
  vocabulary: Vocabulary
  hyperparameters: Record<string, number>
}

/** What a model that can't fill any of its templates says. */
const NO_ANSWER = 'I could not find this in your records, so I am passing you to a colleague.'

/** Intent and action by their heads; the reply by the best template of both that the knowledge, best first, fills. */
export function answer({ adapter, vocabulary }: Model, messages: readonly Message[]): AgentAnswer {
  const { hidden } = pool(adapter, encodeConversation(messages))
  const intent = argmax(logits(adapter.heads.intent, hidden))
  const action = argmax(logits(adapter.heads.action, hidden))
  const items = rankKnowledge(adapter, messages, hidden)
  const scores = logits(adapter.heads.template, hidden)
  const order = vocabulary.templates
    .map((one, at) => ({
      template: one.template,
      // Another intent's template only when none of the own can be filled.
      fit: (one.intent === intent ? 2 : 0) + (one.action === action ? 1 : 0),
      score: scores[at]!,
    }))
    .filter(({ fit }) => fit > 0)
    .toSorted((a, b) => b.fit - a.fit || b.score - a.score)
  let reply: string | undefined
  for (const { template } of order) {
    reply = fill(template, items)
    if (reply !== undefined) break
  }
  return {
    intent: vocabulary.intents[intent] ?? '',
    action: vocabulary.actions[action] ?? '',
    reply: reply ?? NO_ANSWER,
  }
}

/** Knowledge items, the best of each kind first. */
function rankKnowledge(
  adapter: Adapter,
  messages: readonly Message[],
  hidden: Float32Array,
): KnowledgeItem[] {
  const items = knowledgeItems(messages)
  const question = encodeQuestion(messages)
  const wanted = multiply(adapter.p, hidden)
  const counts = { record: 0, passage: 0 }
  return items
    .map((item) => {
      const learned = project(adapter.k, adapter.rank, encodeItem(item.line, counts[item.kind]++))
      const score = PICK_SCALE * cosine(question, encodeKnowledge(item.line)) + dot(wanted, learned)
      return { item, score }
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
