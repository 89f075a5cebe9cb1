import { first, nameOf, textIn } from './attribute.ts'
import type { Convention, ConventionName, Reading } from './conventions/convention.ts'
import { genAiPrevious } from './conventions/gen-ai-previous.ts'
import { genAi } from './conventions/gen-ai.ts'
import { openInference } from './conventions/openinference.ts'
import { sluice } from './conventions/sluice.ts'
import { traceAi } from './conventions/traceai.ts'
import { vercelAi } from './conventions/vercel-ai.ts'
import { kindOf, type SpanKind } from './kind.ts'
import { cohortIn, mergedMetadata, sessionIn, userIn } from './metadata.ts'
import { payloadFinishReasons, payloadMessages } from './payload.ts'
import type { SemconvSpan } from './span.ts'
import type { SpanFields, SpanView } from './view.ts'

/**
 * Raised with every change of what a span is read as: the originals are kept, so that older views can be made anew.
 */
export const NORMALISER_VERSION = 1

/**
 * Conventions in their precedence: of two that say the same field of a span, the first counts.
 *
 * 1. The gateway's own, which are ours.
 * 2. OpenTelemetry's current names: what a library writes there, it writes on purpose.
 * 3. The Vercel AI SDK's before OpenInference's and traceAI's: on its spans these are copies that lose parts.
 * 4. OpenInference's before traceAI's, which adds to them.
 * 5. OpenTelemetry's previous names last: libraries write them beside the current ones.
 */
const CONVENTIONS: readonly Convention[] = [sluice, genAi, vercelAi, openInference, traceAi, genAiPrevious]

const NOTHING: SpanFields = {
  kind: null,
  operation: null,
  provider: null,
  requestModel: null,
  responseModel: null,
  responseId: null,
  inputTokens: null,
  outputTokens: null,
  totalTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  costUsd: null,
  input: [],
  output: [],
  inputText: null,
  outputText: null,
  documents: [],
  retrievalQuery: null,
  tools: [],
  tool: null,
  agentName: null,
  sessionId: null,
  userId: null,
  promptName: null,
  promptVersion: null,
  finishReasons: [],
  timeToFirstChunkMs: null,
  tags: [],
  guardrails: [],
  errorType: null,
}

/**
 * A span as one view, whatever convention it was written in. Field by field the first convention counts that says it
 * (`CONVENTIONS`); metadata is merged by name in the same precedence. What no convention says is derived: the kind from the
 * operation or from what the span holds; messages, and a tool's arguments and result, from input and output; session, user and cohort from metadata; the sum of
 * tokens. Never throws.
 */
export function normalise(span: SemconvSpan): SpanView {
  const readings: { name: ConventionName; reading: Reading }[] = CONVENTIONS.map((convention) => ({
    name: convention.name,
    reading: convention.read(span),
  })).filter(({ reading }) => Object.keys(reading).length > 0)
  // The last assigned wins.
  const said: SpanFields & Reading = Object.assign(
    {},
    NOTHING,
    ...readings.toReversed().map(({ reading }) => reading),
  )
  const { metadata: _, cohort, ...fields } = said
  const metadata = mergedMetadata(readings.map(({ reading }) => reading.metadata ?? {}))
  const kind = kindOf(fields)
  return {
    ...fields,
    ...derived(fields, kind),
    ...outcomeOf(span, fields),
    version: NORMALISER_VERSION,
    conventions: readings.map(({ name }) => name),
    kind,
    sessionId: fields.sessionId ?? sessionIn(metadata),
    userId: fields.userId ?? userIn(metadata),
    cohort: cohort ?? cohortIn(metadata),
    metadata,
  }
}

/** Kinds whose input is a question and whose output is an answer, where they are no more than values. */
const CONVERSES: readonly SpanKind[] = ['llm', 'agent', 'chain', 'guardrail', 'other']

function derived(fields: SpanFields, kind: SpanKind): Partial<SpanFields> {
  const { input, output, inputText, outputText, inputTokens, outputTokens, tool } = fields
  const converses = CONVERSES.includes(kind)
  const sum = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens
  return {
    input: input.length > 0 || !converses ? input : payloadMessages(inputText, 'user'),
    output: output.length > 0 || !converses ? output : payloadMessages(outputText, 'assistant'),
    tool: tool && { ...tool, arguments: tool.arguments ?? inputText, result: tool.result ?? outputText },
    totalTokens: fields.totalTokens ?? sum,
    retrievalQuery: fields.retrievalQuery ?? (kind === 'retriever' ? inputText : null),
    finishReasons: fields.finishReasons.length > 0 ? fields.finishReasons : payloadFinishReasons(outputText),
  }
}

/** An error by its status, or by `error.type`, which no span has that went well. An exception alone may have been caught. */
function outcomeOf(
  { status, events = [] }: SemconvSpan,
  { errorType }: SpanFields,
): Pick<SpanView, 'status' | 'errorType' | 'errorMessage'> {
  const thrown = events.findLast(({ name }) => name === 'exception')?.attributes ?? {}
  const failed = status?.code === 2 || (status?.code !== 1 && errorType !== null)
  if (!failed) return { status: 'ok', errorType: null, errorMessage: null }
  return {
    status: 'error',
    errorType: errorType ?? nameOf(first(thrown, 'exception.type')),
    errorMessage: (status?.message || null) ?? textIn(thrown, 'exception.message'),
  }
}
