import { Example } from '../dataset/example.ts'
import { knowledgeText } from '../dataset/prompt.ts'
import type { ExpectedToolCall, Tool, ToolCall } from '../dataset/tool-call.ts'
import { readTrajectory } from '../dataset/tool-call-wire.ts'
import { AgentAnswer, Knowledge, type Message } from '../dataset/transcript.ts'
import type { EvaluatorInput } from '../evaluators/evaluator.ts'
import type { Json } from '../json.ts'
import { expectedCallsOf, toolCallsOf, toolsOf } from './row-tools.ts'

/** What an evaluation reads of a dataset's row. */
export interface RowInput {
  /** What the candidate is sent, system messages included. */
  prompt: Message[]
  context: string[]
  /** The answer that the row has already, for an evaluation without a candidate. */
  response?: string
  toolCalls?: readonly ToolCall[]
  expected?: AgentAnswer
  reference?: string
  tools?: readonly Tool[]
  expectedToolCalls?: readonly ExpectedToolCall[]
  /** Rows of one conversation share it. */
  conversation?: string
}

type Data = Readonly<Record<string, Json>>

/** Names that the parts of a row go by in usual sets, in order of preference. */
const NAMES = {
  prompt: ['messages', 'prompt', 'transcript', 'question', 'input', 'query', 'instruction'],
  context: ['context', 'contexts', 'knowledge', 'documents', 'passages'],
  response: ['response', 'answer', 'output', 'prediction'],
  reference: ['reference', 'expected', 'completion', 'label'],
  tools: ['tools', 'functions'],
  toolCalls: ['toolCalls', 'tool_calls', 'tool_call'],
  expectedToolCalls: ['expectedToolCalls', 'expected_tool_calls', 'expected_actions', 'expected'],
  conversation: ['conversation', 'conversation_id', 'dialogue_id', 'task_id'],
} as const satisfies Record<string, readonly string[]>

const ROLES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  user: 'user',
  human: 'user',
  customer: 'user',
  assistant: 'assistant',
  agent: 'assistant',
  ai: 'assistant',
  bot: 'assistant',
}

/**
 * A row as evaluators and candidates see it: an `Example`, or a plain row with the field names of usual sets. What cannot
 * be read names its field.
 */
export function rowInput(data: Data): RowInput | { error: string } {
  const example = Example.safeParse(data)
  if (example.success) {
    const { split: _, completion, ...rest } = example.data
    return { ...rest, expected: completion }
  }
  try {
    return plainInput(data)
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** What evaluators see of a row with an answer to it. */
export function evaluatorInput(row: RowInput, response: string): EvaluatorInput {
  const { prompt, conversation: _, response: _stored, toolCalls: _calls, ...rest } = row
  return { ...rest, messages: prompt.filter(({ role }) => role !== 'system'), response }
}

function plainInput(data: Data): RowInput {
  const [promptField, prompt] = find(data, NAMES.prompt)
  const [contextField, context] = find(data, NAMES.context)
  const [responseField, response] = find(data, NAMES.response)
  const [referenceField, reference] = find(data, NAMES.reference)
  const expected = AgentAnswer.safeParse(reference)
  const conversation = find(data, NAMES.conversation)[1]
  const referenceText = expected.success ? expected.data.reply : referenceOf(referenceField, reference)
  return defined({
    prompt: messagesOf(promptField, prompt),
    context: textsOf(contextField, context),
    response: response === undefined ? undefined : textOf(responseField, response),
    expected: expected.success ? expected.data : undefined,
    reference: referenceText,
    tools: toolsOf(...find(data, NAMES.tools)),
    toolCalls: toolCallsOf(...find(data, NAMES.toolCalls)) ?? callsIn(prompt),
    expectedToolCalls: expectedCallsOf(...find(data, NAMES.expectedToolCalls, isCallList)),
    conversation:
      typeof conversation === 'string' || typeof conversation === 'number' ? String(conversation) : undefined,
  })
}

/** The calls of a recorded conversation; undefined where nobody called a tool. */
function callsIn(messages: Json | undefined): ToolCall[] | undefined {
  const calls = readTrajectory(messages)
  return calls.length > 0 ? calls : undefined
}

/**
 * The answer that a row has: in a field of its own, or as the last message of a recorded conversation, which is then not
 * part of what was asked.
 */
export function storedAnswer(row: RowInput): { row: RowInput; response: string } | { error: string } {
  const last = row.prompt.at(-1)
  if (row.response !== undefined) return { row, response: row.response }
  if (last?.role === 'assistant')
    return { row: { ...row, prompt: row.prompt.slice(0, -1) }, response: last.content }
  return {
    error: `the row has no answer: give ${NAMES.response.join(', ')}, or name a candidate that answers`,
  }
}

/** What is wrong with a row that a candidate is to answer. */
export function unaskable({ prompt }: RowInput): string | undefined {
  return prompt.length > 0 ? undefined : `the row has no question: give one of ${NAMES.prompt.join(', ')}`
}

function find(
  data: Data,
  names: readonly string[],
  isWanted: (value: Json) => boolean = () => true,
): [name: string, value: Json | undefined] {
  for (const name of names) {
    const value = Object.hasOwn(data, name) ? data[name] : undefined
    if (value !== undefined && value !== null && isWanted(value)) return [name, value]
  }
  return [names[0]!, undefined]
}

/** A text is one question; a list is a conversation of `{role, content}`, where the text may stand in `text`. */
function messagesOf(field: string, value: Json | undefined): Message[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [{ role: 'user', content: value }]
  if (!Array.isArray(value)) throw new TypeError(`${field} is neither a text nor a list of messages`)
  return value.flatMap((item, index): Message[] => {
    const { role, content, text } = recordOf(item, `${field}.${index}`)
    const known = ROLES[String(role).toLowerCase()]
    // What tools answered is not part of what is asked.
    if (role === 'tool' || role === 'function') return []
    if (!known)
      throw new TypeError(`${field}.${index}.role is ${JSON.stringify(role)}: give system, user or assistant`)
    return [{ role: known, content: contentOf(content ?? text ?? '', `${field}.${index}.content`) }]
  })
}

/** A text, or OpenAI's list of parts. */
function contentOf(content: Json, field: string): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw new TypeError(`${field} is no text`)
  return content
    .map((part) => (typeof part === 'string' ? part : recordOf(part, field).text))
    .filter((text) => typeof text === 'string')
    .join('\n')
}

function textsOf(field: string, value: Json | undefined): string[] {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map((item, index) => {
    if (typeof item === 'string') return item
    const knowledge = Knowledge.safeParse(item)
    if (knowledge.success) return knowledgeText(knowledge.data)
    const { text, content } = recordOf(item, `${field}.${index}`)
    const found = text ?? content
    if (typeof found !== 'string') throw new TypeError(`${field}.${index} has no text`)
    return found
  })
}

/** An answer may be a JSON document. */
function textOf(_field: string, value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A list of calls is no text to compare with, and a label may be a number. */
function referenceOf(field: string, value: Json | undefined): string | undefined {
  if (value === undefined || isCallList(value)) return undefined
  return textOf(field, value)
}

function isCallList(value: Json): boolean {
  const items = Array.isArray(value) ? value : [value]
  return Array.isArray(value) && items.every((item) => isRecord(item) && typeof item.name === 'string')
}

function recordOf(value: Json, field: string): Record<string, Json> {
  if (!isRecord(value)) throw new TypeError(`${field} is no object`)
  return value
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Optional<T> = { [K in keyof T]: T[K] | undefined }

/** Without the fields that are not there. */
function defined(input: Optional<RowInput>): RowInput {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as unknown as RowInput
}
