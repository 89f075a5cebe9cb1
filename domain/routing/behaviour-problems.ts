import type { RouteBehaviour } from './route.ts'

export interface RouteProblem {
  /** Such as `rules.2.target`. */
  path: string
  message: string
}

/**
 * What of a route's behaviour does not fit together, whatever its targets are.
 * @param evaluators that guardrails may name beside `pii`, `schema` and `deny`; names are not checked when absent
 */
export function behaviourProblems(behaviour: RouteBehaviour, evaluators?: readonly string[]): RouteProblem[] {
  return [...timeProblems(behaviour), ...answerProblems(behaviour, evaluators)]
}

function* timeProblems({ timeouts, hedgeMs, retry, breaker }: RouteBehaviour): Generator<RouteProblem> {
  const { totalMs } = timeouts
  for (const name of ['headersMs', 'firstChunkMs', 'chunkMs'] as const) {
    const ms = timeouts[name]
    if (ms !== undefined && ms > totalMs)
      yield {
        path: `timeouts.${name}`,
        message: `${ms} ms is longer than the whole request may take (${totalMs} ms)`,
      }
  }
  if (hedgeMs !== undefined && hedgeMs >= totalMs)
    yield { path: 'hedgeMs', message: `the whole request is over after ${totalMs} ms` }
  if (retry && retry.baseMs > retry.maxMs)
    yield { path: 'retry.baseMs', message: `${retry.baseMs} ms is more than retry.maxMs (${retry.maxMs} ms)` }
  if (breaker && breaker.cooldownMs > breaker.maxCooldownMs) {
    const message = `${breaker.cooldownMs} ms is more than breaker.maxCooldownMs (${breaker.maxCooldownMs} ms)`
    yield { path: 'breaker.cooldownMs', message }
  }
}

function* answerProblems(
  { guardrails = [], answerSchema, repair }: RouteBehaviour,
  evaluators: readonly string[] | undefined,
): Generator<RouteProblem> {
  if (repair && !answerSchema) yield { path: 'repair', message: 'there is no answerSchema to repair by' }
  const checks = evaluators && ['pii', 'schema', 'deny', ...evaluators]
  for (const [i, { on, check, onFail }] of guardrails.entries()) {
    const path = `guardrails.${i}`
    if (checks && !checks.includes(check))
      yield { path: `${path}.check`, message: `there is no check ${check}; there are: ${checks.join(', ')}` }
    if (check === 'schema' && on === 'request')
      yield { path: `${path}.on`, message: 'only a response is held against answerSchema' }
    if (check === 'schema' && !answerSchema)
      yield { path: `${path}.check`, message: 'there is no answerSchema to hold the response against' }
    if (onFail === 'next_target' && on === 'request')
      yield { path: `${path}.onFail`, message: 'a request that fails a check fails it for every target' }
    if (onFail === 'redact' && check !== 'pii')
      yield {
        path: `${path}.onFail`,
        message: `${check} finds nothing that could be redacted: only pii does`,
      }
  }
}
