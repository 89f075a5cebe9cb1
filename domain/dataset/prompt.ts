import { fillTemplate, placeholdersIn } from './template.ts'
import type { Knowledge, Message } from './transcript.ts'

/** The variable of a prompt version's template that knowledge is put in the place of. */
export const KNOWLEDGE = 'knowledge'
export const KNOWLEDGE_PLACEHOLDER = `{{${KNOWLEDGE}}}`

/** The prompt a support agent starts with. A project's own lives in `prompt:` artifacts. */
export const SUPPORT_AGENT_PROMPT = `You are a customer-support agent. Answer the last message.
Answer with one JSON object that has the keys intent, action and reply.
Use nothing but this knowledge:
${KNOWLEDGE_PLACEHOLDER}`

/**
 * The messages sent to a model: the system prompt with the knowledge in it, one numbered line an item
 * (`[1] text`; a record is `[2] key: value; key: value`), then the conversation.
 */
export function renderPrompt(
  template: string,
  knowledge: readonly Knowledge[],
  messages: readonly Message[],
): Message[] {
  const lines = numberedLines(knowledge.map(knowledgeText))
  const content = fillTemplate(template, (name) => (name === KNOWLEDGE ? lines : undefined))
  return [{ role: 'system', content }, ...messages]
}

/** Why transcripts cannot be rendered with a template: they have knowledge and messages, and no other variables. */
export function unrenderable(template: string): string | undefined {
  const names = placeholdersIn(template)
  if (!names.includes(KNOWLEDGE)) return `its template has no ${KNOWLEDGE_PLACEHOLDER}`
  const others = names.filter((name) => name !== KNOWLEDGE)
  return others.length > 0 ? `transcripts have no values for ${others.join(', ')}` : undefined
}

/** Items of knowledge, each on one line, as they stand in a prompt. */
export function numberedLines(items: readonly string[]): string {
  return items.map((item, index) => `[${index + 1}] ${item}`).join('\n')
}

/** An item of knowledge on one line. */
export function knowledgeText(item: Pick<Knowledge, 'text' | 'fields'>): string {
  const text = item.fields
    ? Object.entries(item.fields)
        .map(([key, value]) => `${key}: ${value}`)
        .join('; ')
    : item.text
  return text.replace(/\s+/g, ' ').trim()
}

/** The knowledge lines of a system message written by `renderPrompt`, without their numbers. */
export function knowledgeLines(system: string): string[] {
  return [...system.matchAll(/^\[\d+\] (.*)$/gm)].map((match) => match[1] ?? '')
}
