import * as z from 'zod'
import type { Example } from '../../domain/dataset/example.ts'
import { knowledgeLines } from '../../domain/dataset/prompt.ts'
import type { Message } from '../../domain/dataset/transcript.ts'
import { type KnowledgeItem, parseKnowledge } from './knowledge.ts'
import { type Delexicalised, Template, delexicalise, literalDigits } from './templates.ts'

/** What a model can say: learned from its training rows, stored with its adapter. */
export const Vocabulary = z.object({
  intents: z.array(z.string()),
  actions: z.array(z.string()),
  templates: z.array(z.object({ intent: z.number().int(), action: z.number().int(), template: Template })),
})
export type Vocabulary = z.infer<typeof Vocabulary>

/** Templates kept of one intent and action. More would be learned by heart, from one row each. */
const MAX_TEMPLATES = 8

/** A row read once: its conversation, its knowledge, and what its reply took from the knowledge. */
export interface ReadRow {
  messages: Example['prompt']
  items: KnowledgeItem[]
  intent: string
  action: string
  reply: Delexicalised
}

export function readRow({ prompt, completion }: Example): ReadRow {
  const items = knowledgeItems(prompt)
  const { intent, action, reply } = completion
  return { messages: prompt, items, intent, action, reply: delexicalise(reply, items) }
}

export function knowledgeItems(messages: readonly Message[]): KnowledgeItem[] {
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content)
  return knowledgeLines(system.join('\n')).map(parseKnowledge)
}

export function learnVocabulary(rows: readonly ReadRow[]): Vocabulary {
  const intents = [...new Set(rows.map((row) => row.intent))].toSorted()
  const actions = [...new Set(rows.map((row) => row.action))].toSorted()
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.intent, row.action]))
  const templates = [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const { intent, action } = group[0]!
      return mostFrequent(group.map((row) => row.reply.template)).map((template) => ({
        intent: intents.indexOf(intent),
        action: actions.indexOf(action),
        template,
      }))
    })
  return { intents, actions, templates }
}

/**
 * The class of a row's reply: its own template, or the kept one of the same intent and action that shares most words.
 */
export function templateClass({ templates, intents, actions }: Vocabulary, row: ReadRow): number {
  const own = signature(row.reply.template)
  const ownWords = new Set(own.split(/\W+/))
  let best = -1
  let bestShare = -1
  templates.forEach((one, at) => {
    if (intents[one.intent] !== row.intent || actions[one.action] !== row.action) return
    const text = signature(one.template)
    const share = text === own ? 2 : overlap(ownWords, new Set(text.split(/\W+/)))
    if (share > bestShare) {
      bestShare = share
      best = at
    }
  })
  return best
}

/** Of equally frequent ones first those whose numbers come from knowledge: they hold for the next customer too. */
function mostFrequent(templates: readonly Template[]): Template[] {
  const groups = [...Map.groupBy(templates, signature).entries()].map(([text, group]) => ({
    text,
    template: group[0]!,
    count: group.length,
    digits: literalDigits(group[0]!),
  }))
  groups.sort((a, b) => b.count - a.count || a.digits - b.digits || (a.text < b.text ? -1 : 1))
  return groups.slice(0, MAX_TEMPLATES).map((group) => group.template)
}

/** Replies that differ in capitals, spaces or closing marks are one template. */
function signature(template: Template): string {
  return JSON.stringify(template)
    .toLowerCase()
    .replace(/[\s!.,]+/g, ' ')
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length
  return common / Math.max(1, a.size + b.size - common)
}
