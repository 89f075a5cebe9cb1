import type { Knowledge, Message } from './transcript.ts'

/** Placeholder in a prompt version's template that the knowledge takes the place of. */
export const KNOWLEDGE_PLACEHOLDER = '{{knowledge}}'

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
  const lines = knowledge.map((item, index) => `[${index + 1}] ${knowledgeText(item)}`)
  return [
    { role: 'system', content: template.replace(KNOWLEDGE_PLACEHOLDER, () => lines.join('\n')) },
    ...messages,
  ]
}

/** An item of knowledge on one line. */
export function knowledgeText(item: Knowledge): string {
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
