import { readTools } from '../../dataset/tool-call-wire.ts'
import { isObject, objectOf } from '../../providers/json-object.ts'
import { amountIn, countIn, first, nameIn, namesOf, recordOf, textIn } from '../attribute.ts'
import { documentsOf } from '../documents.ts'
import { finishReasons } from '../finish-reason.ts'
import { flattenedList } from '../flattened.ts'
import { namedKind } from '../kind.ts'
import { metadataIn } from '../metadata.ts'
import { providerName } from '../provider-name.ts'
import type { Attributes } from '../span.ts'
import type { ToolExecution } from '../view.ts'
import { stated, type Convention } from './convention.ts'
import { flattenedMessages } from './openinference-messages.ts'

/**
 * OpenInference, whose names traceAI shares where it has none of its own.
 * Source: Arize-ai/openinference, spec/semantic_conventions.md.
 */
export const openInference: Convention = {
  name: 'openinference',
  read({ attributes: a }) {
    const model = nameIn(a, 'llm.model_name', 'embedding.model_name', 'reranker.model_name')
    const asked = nameIn(a, 'llm.request.model_name') ?? nameIn(parametersIn(a), 'model')
    return stated({
      kind: namedKind(first(a, 'openinference.span.kind')),
      provider: providerName(first(a, 'llm.provider', 'llm.system')),
      requestModel: asked ?? model,
      // The one name is of the model that was asked, unless that has a name of its own.
      responseModel: nameIn(a, 'llm.response.model_name') ?? (asked === null ? null : model),
      inputTokens: countIn(a, 'llm.token_count.prompt'),
      outputTokens: countIn(a, 'llm.token_count.completion'),
      totalTokens: countIn(a, 'llm.token_count.total'),
      cacheReadTokens: countIn(a, 'llm.token_count.prompt_details.cache_read'),
      cacheWriteTokens: countIn(a, 'llm.token_count.prompt_details.cache_write'),
      reasoningTokens: countIn(a, 'llm.token_count.completion_details.reasoning'),
      costUsd: costIn(a),
      input: flattenedMessages(flattenedList(a, 'llm.input_messages'), 'user'),
      output: flattenedMessages(flattenedList(a, 'llm.output_messages'), 'assistant'),
      inputText: textIn(a, 'input.value') ?? embeddedTexts(a),
      outputText: textIn(a, 'output.value'),
      documents: [
        ...documentsOf(flattenedList(a, 'retrieval.documents')),
        ...documentsOf(flattenedList(a, 'reranker.output_documents')),
      ],
      retrievalQuery: textIn(a, 'reranker.query'),
      tools: readTools(flattenedList(a, 'llm.tools').map(toolOf)),
      tool: executionIn(a),
      agentName: nameIn(a, 'agent.name'),
      sessionId: nameIn(a, 'session.id'),
      userId: nameIn(a, 'user.id'),
      promptName: nameIn(a, 'prompt.id'),
      promptVersion: nameIn(a, 'llm.prompt_template.version'),
      finishReasons: finishReasons(first(a, 'llm.finish_reason')),
      tags: namesOf(first(a, 'tag.tags')),
      metadata: metadataIn(a, 'metadata'),
    })
  },
}

function parametersIn(a: Attributes): Attributes {
  return recordOf(first(a, 'llm.invocation_parameters', 'embedding.invocation_parameters'))
}

function costIn(a: Attributes): number | null {
  const total = amountIn(a, 'llm.cost.total')
  const [input, output] = [amountIn(a, 'llm.cost.prompt'), amountIn(a, 'llm.cost.completion')]
  return total ?? (input === null && output === null ? null : (input ?? 0) + (output ?? 0))
}

function embeddedTexts(a: Attributes): string | null {
  const texts = flattenedList(a, 'embedding.embeddings').flatMap((item) => {
    const embedding = isObject(item) ? objectOf(item.embedding) : {}
    return typeof embedding.text === 'string' ? [embedding.text] : []
  })
  return texts.join('\n') || null
}

/** Of `{ tool: { name, json_schema } }`; the schema may be OpenAI's whole definition, or that of the arguments. */
function toolOf(item: unknown): Attributes {
  const tool = objectOf(objectOf(item).tool ?? item)
  const schema = recordOf(tool.json_schema)
  if (typeof schema.name === 'string' || isObject(schema.function)) return schema
  return { name: tool.name, description: tool.description, parameters: schema }
}

/** Of a span that is one tool's: among the tools of a model these names stand below `llm.tools`. */
function executionIn(a: Attributes): ToolExecution | null {
  const name = nameIn(a, 'tool.name') ?? nameIn(a, 'tool_call.function.name')
  if (name === null) return null
  return {
    name,
    id: nameIn(a, 'tool.id', 'tool_call.id'),
    description: textIn(a, 'tool.description'),
    arguments: textIn(a, 'tool_call.function.arguments'),
    result: null,
  }
}
