import { Suite } from '../../domain/evaluation/suite.ts'
import { wholeMetrics, type NamedMetric } from '../../domain/evaluation/single-input.ts'
import type { Evaluated, EvaluatorInput } from '../../domain/evaluators/evaluator.ts'
import type { Env } from '../../workers/env.ts'
import { scoreInput, type ScoreContext } from '../../workers/evaluation/score-input.ts'
import { env } from './support.ts'

export const GROUNDEDNESS: NamedMetric = { evaluator: 'Groundedness', engine: 'judge', metric: 'judged' }

/** A row that no other test has: judgements are kept by content. */
export const row = (reply: string): EvaluatorInput => ({
  messages: [{ role: 'user', content: 'When does my parcel come?' }],
  context: ['Parcels take three days.', 'Refunds take a week.'],
  response: reply,
  reference: 'In three days.',
})

export interface Options extends Partial<Omit<ScoreContext, 'suite'>> {
  endpoint?: string
  samples?: number
  maxCostUsd?: number
  metrics?: NamedMetric[]
  bindings?: Env
}

export const suiteOf = ({
  endpoint = 'judge',
  samples = 1,
  maxCostUsd = 5,
  metrics = [GROUNDEDNESS],
}: Options) =>
  Suite.parse({ name: 'judged', metrics: wholeMetrics(metrics), judge: { endpoint, samples, maxCostUsd } })

export function score(input: EvaluatorInput, options: Options = {}): Promise<Record<string, Evaluated>> {
  const { bindings = env, project = 'default', evaluationId, row: of } = options
  const suite = suiteOf(options)
  const context = {
    project,
    suite,
    ...(evaluationId === undefined ? {} : { evaluationId }),
    ...(of === undefined ? {} : { row: of }),
  }
  return scoreInput(bindings, context, suite.metrics, input)
}

export const judged = async (input: EvaluatorInput, options: Options = {}) =>
  (await score(input, options)).judged!

/** What a host was sent that holds this text. */
export async function callsAt(host: string, text: string): Promise<string[]> {
  const calls = (await (await fetch('http://calls.test/')).json()) as { host: string; body: string }[]
  return calls.filter((call) => call.host === host && call.body.includes(text)).map(({ body }) => body)
}
