import { readTools } from '../../dataset/tool-call-wire.ts'
import { amountIn, countIn, first, listOf, nameIn, textIn } from '../attribute.ts'
import { documentList } from '../documents.ts'
import { finishReasons } from '../finish-reason.ts'
import { instructions, messagesOf } from '../messages.ts'
import { payloadFinishReasons } from '../payload.ts'
import { providerName } from '../provider-name.ts'
import type { Attributes, SemconvSpan } from '../span.ts'
import type { ToolExecution } from '../view.ts'
import { stated, type Convention } from './convention.ts'

/** The event that may hold what a span's attributes would. */
const DETAILS = 'gen_ai.client.inference.operation.details'

/**
 * OpenTelemetry's conventions for generative AI by their current names.
 * Source: open-telemetry/semantic-conventions-genai, model/gen-ai/registry.yaml.
 */
export const genAi: Convention = {
  name: 'gen_ai',
  read(span) {
    const a = withDetails(span)
    const output = first(a, 'gen_ai.output.messages')
    const reasons = finishReasons(first(a, 'gen_ai.response.finish_reasons'))
    const seconds = amountIn(a, 'gen_ai.response.time_to_first_chunk')
    return stated({
      operation: nameIn(a, 'gen_ai.operation.name'),
      provider: providerName(first(a, 'gen_ai.provider.name')),
      requestModel: nameIn(a, 'gen_ai.request.model'),
      responseModel: nameIn(a, 'gen_ai.response.model'),
      responseId: nameIn(a, 'gen_ai.response.id'),
      inputTokens: countIn(a, 'gen_ai.usage.input_tokens'),
      outputTokens: countIn(a, 'gen_ai.usage.output_tokens'),
      cacheReadTokens: countIn(a, 'gen_ai.usage.cache_read.input_tokens'),
      cacheWriteTokens: countIn(a, 'gen_ai.usage.cache_creation.input_tokens'),
      reasoningTokens: countIn(a, 'gen_ai.usage.reasoning.output_tokens'),
      input: [
        ...instructions(first(a, 'gen_ai.system_instructions')),
        ...messagesOf(first(a, 'gen_ai.input.messages'), 'user'),
      ],
      output: messagesOf(output, 'assistant'),
      documents: documentList(first(a, 'gen_ai.retrieval.documents')),
      retrievalQuery: textIn(a, 'gen_ai.retrieval.query.text'),
      tools: readTools(listOf(first(a, 'gen_ai.tool.definitions'))),
      tool: toolIn(a),
      agentName: nameIn(a, 'gen_ai.agent.name'),
      sessionId: nameIn(a, 'gen_ai.conversation.id'),
      promptName: nameIn(a, 'gen_ai.prompt.name'),
      finishReasons: reasons.length > 0 ? reasons : payloadFinishReasons(output),
      timeToFirstChunkMs: seconds === null ? null : seconds * 1000,
      errorType: nameIn(a, 'error.type'),
    })
  },
}

/** The attributes, before those of the event of the same names. */
function withDetails({ attributes, events = [] }: SemconvSpan): Attributes {
  const details = events.find(({ name }) => name === DETAILS)
  return details ? { ...details.attributes, ...attributes } : attributes
}

function toolIn(a: Attributes): ToolExecution | null {
  const tool = {
    name: nameIn(a, 'gen_ai.tool.name'),
    id: nameIn(a, 'gen_ai.tool.call.id'),
    description: textIn(a, 'gen_ai.tool.description'),
    arguments: textIn(a, 'gen_ai.tool.call.arguments'),
    result: textIn(a, 'gen_ai.tool.call.result'),
  }
  return tool.name === null && tool.id === null ? null : tool
}
