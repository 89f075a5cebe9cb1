import { isObject, objectOf, objectsOf, type JsonObject } from '../../providers/json-object.ts'
import { amountIn, countIn, first, nameIn, nameOf, structured, textIn } from '../attribute.ts'
import { finishReasons } from '../finish-reason.ts'
import { itemsOf, unflattened } from '../flattened.ts'
import { namedKind } from '../kind.ts'
import { metadataIn } from '../metadata.ts'
import type { Attributes } from '../span.ts'
import { stated, type Convention } from './convention.ts'
import { flattenedMessages } from './openinference-messages.ts'

/**
 * What FutureAGI's traceAI adds to OpenTelemetry's and OpenInference's names, which it shares for the rest: kinds, cost,
 * prompt templates, its own names of details of usage, messages flattened below OpenTelemetry's names, and the provider's
 * request and answer, which of a stream alone have its usage. Metadata of the resource counts after the span's.
 * Sources: future-agi/traceAI, python/fi_instrumentation/fi_types.py and
 * typescript/packages/fi-semantic-conventions/src/trace/SemanticConventions.ts.
 */
export const traceAi: Convention = {
  name: 'traceai',
  read({ attributes: a, resource = {} }) {
    const raw = rawAnswer(first(a, 'raw.output'))
    return stated({
      kind: namedKind(first(a, 'fi.span.kind')) ?? namedKind(first(a, 'gen_ai.span.kind')),
      responseModel: nameOf(raw.model),
      responseId: nameOf(raw.id),
      inputTokens: countIn(raw.usage, 'prompt_tokens', 'input_tokens'),
      outputTokens: countIn(raw.usage, 'completion_tokens', 'output_tokens'),
      totalTokens: countIn(a, 'gen_ai.usage.total_tokens') ?? countIn(raw.usage, 'total_tokens'),
      cacheReadTokens: countIn(a, 'gen_ai.usage.cache_read_tokens'),
      cacheWriteTokens: countIn(a, 'gen_ai.usage.cache_write_tokens'),
      reasoningTokens: countIn(a, 'gen_ai.usage.output_tokens.reasoning'),
      costUsd: costIn(a),
      input: flattenedMessages(itemsOf(unflattened(a, 'gen_ai.input.messages')), 'user'),
      output: flattenedMessages(itemsOf(unflattened(a, 'gen_ai.output.messages')), 'assistant'),
      inputText: textIn(a, 'query', 'raw.input', 'eval.input'),
      outputText: textIn(a, 'response', 'raw.output'),
      promptName: nameIn(a, 'gen_ai.prompt.template.name', 'prompt.name'),
      promptVersion: nameIn(
        a,
        'gen_ai.prompt.template.version',
        'prompt.version',
        'gen_ai.prompt.template.label',
      ),
      finishReasons: raw.finishReasons,
      metadata: metadataIn(resource, 'metadata'),
    })
  },
}

function costIn(a: Attributes): number | null {
  const total = amountIn(a, 'gen_ai.cost.total')
  const parts = ['gen_ai.cost.input', 'gen_ai.cost.output', 'gen_ai.cost.cache_write']
    .map((name) => amountIn(a, name))
    .filter((part) => part !== null)
  return total ?? (parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0))
}

interface RawAnswer {
  id: unknown
  model: unknown
  usage: JsonObject
  finishReasons: string[]
}

/** The provider's answer, or the chunks of its stream, of which the last ones say how it ended. */
function rawAnswer(value: unknown): RawAnswer {
  const answer = structured(value)
  const chunks = Array.isArray(answer) ? objectsOf(answer) : isObject(answer) ? [answer] : []
  const ended = chunks.flatMap(({ choices }) =>
    objectsOf(choices).flatMap(({ finish_reason: reason }) => finishReasons(reason)),
  )
  return {
    id: chunks[0]?.id,
    model: chunks[0]?.model,
    usage: objectOf(chunks.findLast(({ usage }) => isObject(usage))?.usage),
    finishReasons: ended,
  }
}
