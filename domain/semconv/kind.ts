import { own } from '../own.ts'
import type { SpanFields } from './view.ts'

/** What a span is of: OpenInference's kinds, with `other` for what none of them is. */
export const SPAN_KINDS = [
  'llm',
  'embedding',
  'chain',
  'retriever',
  'reranker',
  'tool',
  'agent',
  'guardrail',
  'evaluator',
  'prompt',
  'other',
] as const
export type SpanKind = (typeof SPAN_KINDS)[number]

/**
 * Kinds whose spans are a call of a model. Tokens and cost of a trace are summed over these alone: agents and chains
 * around them carry the sums of what is below, as the Vercel AI SDK's do.
 */
export const MODEL_CALLS: readonly SpanKind[] = ['llm', 'embedding', 'reranker']

/** A kind as OpenInference and traceAI write it: `LLM`, `RETRIEVER`… Null for traceAI's `UNKNOWN` and what is none. */
export function namedKind(value: unknown): SpanKind | null {
  const name = typeof value === 'string' ? value.toLowerCase() : ''
  return SPAN_KINDS.find((kind) => kind === name && kind !== 'other') ?? null
}

/** By OpenTelemetry's `gen_ai.operation.name`, and what other tools write there. */
const BY_OPERATION: Record<string, SpanKind> = {
  chat: 'llm',
  generate_content: 'llm',
  text_completion: 'llm',
  completion: 'llm',
  embeddings: 'embedding',
  embedding: 'embedding',
  retrieval: 'retriever',
  rerank: 'reranker',
  execute_tool: 'tool',
  create_agent: 'agent',
  invoke_agent: 'agent',
  plan: 'agent',
  invoke_workflow: 'chain',
  search_memory: 'retriever',
}

/** The kind that a convention names; else that of the operation; else what the span holds. */
export function kindOf(fields: SpanFields): SpanKind {
  if (fields.kind !== null) return fields.kind
  const byOperation = own(BY_OPERATION, fields.operation ?? '')
  if (byOperation !== undefined) return byOperation
  if (fields.tool !== null) return 'tool'
  if (fields.requestModel !== null || fields.responseModel !== null || fields.output.length > 0) return 'llm'
  if (fields.documents.length > 0) return 'retriever'
  return 'other'
}
