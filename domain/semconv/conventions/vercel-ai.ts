import { readTools } from '../../dataset/tool-call-wire.ts'
import { own } from '../../own.ts'
import { amountIn, countIn, first, listOf, nameIn, textIn, textOf } from '../attribute.ts'
import { documentsOf } from '../documents.ts'
import { finishReasons } from '../finish-reason.ts'
import type { SpanKind } from '../kind.ts'
import { answerMessage, messagesOf } from '../messages.ts'
import { metadataIn } from '../metadata.ts'
import { payloadMessages } from '../payload.ts'
import { parsed } from '../../providers/json-object.ts'
import { providerName } from '../provider-name.ts'
import type { Attributes, SemconvSpan } from '../span.ts'
import { stated, type Convention } from './convention.ts'

/** What the SDK does, by the last part of `ai.operationId`. The calls around carry the sums of those inside. */
const INNER: Record<string, { operation: string; kind: SpanKind }> = {
  doGenerate: { operation: 'chat', kind: 'llm' },
  doStream: { operation: 'chat', kind: 'llm' },
  doEmbed: { operation: 'embeddings', kind: 'embedding' },
  doRerank: { operation: 'rerank', kind: 'reranker' },
  toolCall: { operation: 'execute_tool', kind: 'tool' },
}

/**
 * Telemetry of the Vercel AI SDK, 3 to 6, and the legacy telemetry of 7, whose usual one is OpenTelemetry's names.
 * Sources: vercel/ai, content/docs/03-ai-sdk-core/60-telemetry.mdx and packages/otel/src/legacy-open-telemetry.ts.
 */
export const vercelAi: Convention = {
  name: 'vercel_ai',
  read(span) {
    const { attributes: a } = span
    const id = nameIn(a, 'ai.operationId')
    // Most spans are of no such SDK, and a reading searches all attributes.
    if (id === null) return {}
    const messages = first(a, 'ai.prompt.messages')
    const isTool = id === 'ai.toolCall'
    return stated({
      ...(own(INNER, id.slice(id.lastIndexOf('.') + 1)) ?? { kind: 'chain' as const }),
      provider: providerName(first(a, 'ai.model.provider')),
      requestModel: nameIn(a, 'ai.model.id'),
      responseModel: nameIn(a, 'ai.response.model'),
      responseId: nameIn(a, 'ai.response.id'),
      inputTokens: countIn(a, 'ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'),
      outputTokens: countIn(a, 'ai.usage.outputTokens', 'ai.usage.completionTokens'),
      totalTokens: countIn(a, 'ai.usage.totalTokens'),
      cacheReadTokens: countIn(a, 'ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens'),
      cacheWriteTokens: countIn(a, 'ai.usage.inputTokenDetails.cacheWriteTokens'),
      reasoningTokens: countIn(a, 'ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens'),
      input:
        messages === undefined
          ? payloadMessages(first(a, 'ai.prompt'), 'user')
          : messagesOf(messages, 'user'),
      output: answerMessage(
        textIn(a, 'ai.response.text', 'ai.response.object', 'ai.result.text', 'ai.result.object'),
        first(a, 'ai.response.toolCalls', 'ai.result.toolCalls'),
        first(a, 'ai.response.reasoning'),
      ),
      inputText: valuesIn(a),
      documents: documentsOf(jsonTexts(first(a, 'ai.documents'))),
      tools: readTools(listOf(first(a, 'ai.prompt.tools'))),
      tool: isTool
        ? {
            name: nameIn(a, 'ai.toolCall.name'),
            id: nameIn(a, 'ai.toolCall.id'),
            description: null,
            arguments: textIn(a, 'ai.toolCall.args'),
            result: textIn(a, 'ai.toolCall.result'),
          }
        : null,
      agentName: nameIn(a, 'ai.telemetry.functionId'),
      finishReasons: finishReasons(first(a, 'ai.response.finishReason', 'ai.finishReason')),
      timeToFirstChunkMs: firstChunkMs(span),
      metadata: { ...metadataIn(a, 'ai.settings.context'), ...metadataIn(a, 'ai.telemetry.metadata') },
    })
  },
}

/** What was embedded. */
function valuesIn(a: Attributes): string | null {
  const values = jsonTexts(first(a, 'ai.value', 'ai.values'))
  return values.flatMap((value) => textOf(value) ?? []).join('\n') || null
}

/** The values of JSON texts, one or a list: a text has its quotes then. */
function jsonTexts(value: unknown): unknown[] {
  return listOf(value).map((item) =>
    typeof item === 'string' && item.startsWith('"') ? (parsed(item) ?? item) : item,
  )
}

const FIRST_CHUNK = ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk']

function firstChunkMs({ attributes, events = [] }: SemconvSpan): number | null {
  const event = events.find(({ name }) => name === 'ai.stream.firstChunk')
  return amountIn(attributes, ...FIRST_CHUNK) ?? amountIn(event?.attributes ?? {}, ...FIRST_CHUNK)
}
