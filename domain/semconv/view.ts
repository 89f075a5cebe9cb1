import type { Tool, ToolCall } from '../dataset/tool-call.ts'
import type { RetrievedDocument } from './documents.ts'
import type { SpanKind } from './kind.ts'
import type { ConventionName } from './conventions/convention.ts'

export const ROLES = ['system', 'user', 'assistant', 'tool'] as const
export type Role = (typeof ROLES)[number]

/** A call that a model made, with the id by which a tool's message answers it. */
export interface SpanToolCall extends ToolCall {
  id: string | null
}

/** A message, whatever convention wrote it. */
export interface ChatMessage {
  role: Role
  /** Its texts, a line break between parts. Empty where it only calls tools, or has no text. */
  content: string
  toolCalls: readonly SpanToolCall[]
  /** Of a tool's message: the call that it answers. */
  toolCallId: string | null
  /** What the model thought, where it is told. */
  reasoning: string | null
  /** Parts that are no text, by what they are: `image`, `audio`, `file`… */
  attachments: readonly string[]
}

/** The one call of a span that ran a tool. */
export interface ToolExecution {
  name: string | null
  id: string | null
  description: string | null
  /** As text, JSON where it was structured. */
  arguments: string | null
  result: string | null
}

/** What conventions say of a span. A list or record that nobody fills is empty, all else null. */
export interface SpanFields {
  /** Null where nothing says it: `kindOf` derives one then. */
  kind: SpanKind | null
  /** By OpenTelemetry's names: `chat`, `text_completion`, `embeddings`, `retrieval`, `execute_tool`, `invoke_agent`… */
  operation: string | null
  /** By OpenTelemetry's names: `openai`, `aws.bedrock`… */
  provider: string | null
  requestModel: string | null
  responseModel: string | null
  responseId: string | null
  /** Of all input, cached tokens included. */
  inputTokens: number | null
  /** Of all output, reasoning included. */
  outputTokens: number | null
  totalTokens: number | null
  cacheReadTokens: number | null
  cacheWriteTokens: number | null
  reasoningTokens: number | null
  /** US dollars. */
  costUsd: number | null
  /** What the model was asked: instructions first, as a `system` message. */
  input: readonly ChatMessage[]
  /** What it answered: a message a choice. */
  output: readonly ChatMessage[]
  /** The input and output of any span, as text. */
  inputText: string | null
  outputText: string | null
  /** What was retrieved or reranked. */
  documents: readonly RetrievedDocument[]
  retrievalQuery: string | null
  /** Tools that the model was offered. */
  tools: readonly Tool[]
  tool: ToolExecution | null
  agentName: string | null
  sessionId: string | null
  userId: string | null
  promptName: string | null
  promptVersion: string | null
  /** `stop`, `length`, `content_filter`, `tool_call`, `error`, or what a provider says else. */
  finishReasons: readonly string[]
  timeToFirstChunkMs: number | null
  tags: readonly string[]
  /** Deeds of the gateway's guardrails, `on:check:action`. */
  guardrails: readonly string[]
  /** Low-cardinality name of what went wrong. */
  errorType: string | null
}

/** The one view of a span that sweeps and dashboards read. */
export interface SpanView extends Omit<SpanFields, 'kind'> {
  /** `NORMALISER_VERSION` when it was made: an older view is made anew from the original. */
  version: number
  /** Those that had something to say, in their precedence. */
  conventions: readonly ConventionName[]
  kind: SpanKind
  status: 'ok' | 'error'
  errorMessage: string | null
  /** Null where nothing names one: a rule may. */
  cohort: string | null
  metadata: Readonly<Record<string, string>>
}
