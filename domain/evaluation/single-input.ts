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

/** A metric as short as it can be said: an evaluator's name or id, or what differs from its usual engine and version. */
export const NamedMetric = z.union(
  [
    z.string().min(1).max(64),
    z.strictObject({
      evaluator: z.string().min(1).max(64),
      version: z.string().exactOptional(),
      engine: z.enum(ENGINES).exactOptional(),
      params: z.record(z.string(), Json).exactOptional(),
      /** Name of the score; the evaluator's own when absent. */
      metric: z.string().exactOptional(),
      reference: z.boolean().exactOptional(),
      passAt: z.number().min(0).max(1).exactOptional(),
    }),
  ],
  { error: notNamed },
)
export type NamedMetric = z.infer<typeof NamedMetric>

/** What is wrong with an object, rather than that it is neither of two things. */
function notNamed({ input, errors }: { input?: unknown; errors?: unknown }): string {
  if (typeof input === 'string') return 'a name has 1 to 64 characters'
  const [, ofObject] = (errors ?? []) as z.core.$ZodIssue[][]
  const issue = typeof input === 'object' && input !== null ? ofObject?.[0] : undefined
  if (!issue) return 'must be the name of an evaluator, or an object with evaluator'
  return [...issue.path.map(String), issue.message].join(': ')
}

/** `Groundedness`, `Groundedness:judge`, `Groundedness:judge@1`: a name, or an id as scores have it. */
const EVALUATOR_ID = /^([^:@]+)(?::([a-z]+))?(?:@(.+))?$/

/** Metrics as a suite has them: the current version, rules where there are any, and a name of its own for each. */
export function wholeMetrics(named: readonly NamedMetric[]) {
  const given = named.map((one) => (typeof one === 'string' ? { evaluator: one } : one))
  const taken = new Set(given.flatMap(({ metric }) => metric ?? []))
  return given.map(({ evaluator: id, ...rest }) => {
    const [, evaluator = id, idEngine, idVersion] = EVALUATOR_ID.exec(id) ?? []
    const engine = rest.engine ?? (idEngine as Engine | undefined) ?? usualEngine(evaluator)
    const known = ALL_EVALUATORS.find((one) => one.name === evaluator && one.engine === engine)
    const metric = rest.metric ?? freeName(evaluator, engine, taken)
    taken.add(metric)
    return { evaluator, engine, version: idVersion ?? known?.version ?? '', metric, ...rest }
  })
}

/** The evaluator's name; where that is taken, with its engine; where that is, with a number. */
function freeName(evaluator: string, engine: Engine, taken: ReadonlySet<string>): string {
  const name = evaluator.replaceAll(/[^A-Za-z0-9_-]/g, '').replace(/^[^A-Za-z]*/, '') || 'metric'
  const withEngine = `${name}-${engine}`
  if (!taken.has(name)) return name
  if (!taken.has(withEngine)) return withEngine
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`
}

function usualEngine(evaluator: string): Engine {
  const engines = ALL_EVALUATORS.filter(({ name }) => name === evaluator).map(({ engine }) => engine)
  return engines.includes('rule') ? 'rule' : (engines[0] ?? 'rule')
}
