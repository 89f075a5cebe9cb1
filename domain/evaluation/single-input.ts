import * as z from 'zod'
import { ExpectedToolCall, Tool, ToolCall } from '../dataset/tool-call.ts'
import { AgentAnswer, Message } from '../dataset/transcript.ts'
import { ENGINES, type Engine } from '../evaluators/evaluator.ts'
import { ALL_EVALUATORS } from '../evaluators/registry.ts'
import { Json } from '../json.ts'

/** Longest text of one field, in characters: what a row of a dataset may have. */
const MAX_TEXT = 1_000_000
const MAX_ITEMS = 500

const Text = z.string().max(MAX_TEXT, `may have at most ${MAX_TEXT} characters`)
const list = <S extends z.ZodType>(item: S) =>
  z.array(item).max(MAX_ITEMS, `may have at most ${MAX_ITEMS} entries`)

/** An input to score at once: what evaluators may look at, as JSON. */
export const SingleInput = z.strictObject({
  messages: list(z.strictObject({ role: Message.shape.role, content: Text })).default([]),
  context: list(Text).default([]),
  response: Text,
  expected: AgentAnswer.exactOptional(),
  reference: Text.exactOptional(),
  schema: z.record(z.string(), Json).exactOptional(),
  tools: list(Tool).exactOptional(),
  toolCalls: list(ToolCall).exactOptional(),
  expectedToolCalls: list(ExpectedToolCall).exactOptional(),
  latencyMs: z.number().min(0).exactOptional(),
  costUsd: z.number().min(0).exactOptional(),
})

/** A metric as short as it can be said: an evaluator's name, or what differs from its usual engine and version. */
export const NamedMetric = z.union([
  z.string().min(1).max(64),
  z.strictObject({
    evaluator: z.string().min(1).max(64),
    version: z.string().exactOptional(),
    engine: z.enum(ENGINES).exactOptional(),
    params: z.record(z.string(), Json).exactOptional(),
    /** Name of the score; the evaluator's own when absent. */
    metric: z.string().exactOptional(),
    reference: z.boolean().exactOptional(),
  }),
])
export type NamedMetric = z.infer<typeof NamedMetric>

/** Metrics as a suite has them: the current version, rules where there are any, and a name of its own for each. */
export function wholeMetrics(named: readonly NamedMetric[]) {
  const taken = new Set<string>()
  return named.map((given) => {
    const { evaluator, ...rest } = typeof given === 'string' ? { evaluator: given } : given
    const engine = rest.engine ?? usualEngine(evaluator)
    const known = ALL_EVALUATORS.find((one) => one.name === evaluator && one.engine === engine)
    const metric = rest.metric ?? (taken.has(evaluator) ? `${evaluator}-${engine}` : evaluator)
    taken.add(metric)
    return { evaluator, engine, version: known?.version ?? '', metric, ...rest }
  })
}

function usualEngine(evaluator: string): Engine {
  const engines = ALL_EVALUATORS.filter(({ name }) => name === evaluator).map(({ engine }) => engine)
  return engines.includes('rule') ? 'rule' : (engines[0] ?? 'rule')
}
