import type { Message } from '../dataset/transcript.ts'
import { mergedMetadata } from './metadata.ts'
import { promptOf } from './conventions/sluice.ts'
import { textMessage } from './messages.ts'
import { normalise } from './normalise.ts'
import type { Attributes } from './span.ts'
import type { SpanView } from './view.ts'

/** What the view takes of a call that the gateway recorded: `SpanMessage` of workers/ingest/spans.ts is one. */
export interface GatewayCall {
  readonly attributes?: Attributes
  readonly messages: readonly Message[]
  /** Passages that the prompt held. */
  readonly context: readonly string[]
  readonly response: string | null
  readonly cohort: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly model: string
  /** Ref of the prompt version of the route. */
  readonly promptRef: string | null
  readonly status: 'ok' | 'error'
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly costUsd?: number | null
  readonly ttftMs?: number | null
}

/**
 * A call of the gateway in the view of all spans. Its attributes are read like any other's; what it knows in fields of its
 * own counts before them. Calls from before there were attributes have the fields alone.
 */
export function viewOfCall(call: GatewayCall): SpanView {
  const view = normalise({ name: 'gateway', attributes: call.attributes ?? {} })
  const prompt = promptOf(call.promptRef)
  const { inputTokens = null, outputTokens = null, costUsd = null, ttftMs = null } = call
  return {
    ...view,
    kind: view.kind === 'other' ? 'llm' : view.kind,
    requestModel: view.requestModel ?? call.model,
    inputTokens: inputTokens ?? view.inputTokens,
    outputTokens: outputTokens ?? view.outputTokens,
    totalTokens:
      inputTokens === null || outputTokens === null ? view.totalTokens : inputTokens + outputTokens,
    costUsd: costUsd ?? view.costUsd,
    input: call.messages.flatMap(({ role, content }) => textMessage(role, content)),
    output: textMessage('assistant', call.response),
    documents: call.context.map((content) => ({ id: null, content, score: null, metadata: null })),
    promptName: prompt?.name ?? view.promptName,
    promptVersion: prompt?.version ?? view.promptVersion,
    timeToFirstChunkMs: ttftMs ?? view.timeToFirstChunkMs,
    status: call.status,
    cohort: call.cohort,
    metadata: mergedMetadata([call.metadata ?? {}, view.metadata]),
  }
}
