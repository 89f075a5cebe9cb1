import * as z from 'zod'

/**
 * The shape of one support transcript: what a dataset row's `data` holds in the support-agent workflow.
 * The last message is the customer's turn that the agent has to answer; `expected` is the good answer to it.
 */
export const Message = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
})
export type Message = z.infer<typeof Message>

/** One thing the agent may lean on: a help-centre passage (`text`), or a record such as an order (`fields`). */
export const Knowledge = z.object({
  id: z.string(),
  text: z.string(),
  fields: z.record(z.string(), z.string()).optional(),
})
export type Knowledge = z.infer<typeof Knowledge>

/** What the agent answers, as JSON. */
export const AgentAnswer = z.object({
  intent: z.string(),
  action: z.string(),
  reply: z.string(),
})
export type AgentAnswer = z.infer<typeof AgentAnswer>

export const SPLITS = ['train', 'golden'] as const
export type Split = (typeof SPLITS)[number]

export const Transcript = z.object({
  split: z.enum(SPLITS).optional(),
  messages: z.array(Message).min(1),
  knowledge: z.array(Knowledge),
  expected: AgentAnswer,
  attributes: z.record(z.string(), z.string()).optional(),
})
export type Transcript = z.infer<typeof Transcript>
