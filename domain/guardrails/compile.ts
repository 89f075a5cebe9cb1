import type * as z from 'zod'
import type { RouteProblem } from '../routing/behaviour-problems.ts'
import type { Guardrail, RouteVersion } from '../routing/route.ts'
import { schemaCheck } from './answer-schema.ts'
import { EVALUATORS_OF, evaluatorCheck, guardrailEvaluator } from './by-evaluator.ts'
import { DenyParams, denyCheck } from './deny.ts'
import type { Check, CompiledGuardrail } from './guardrail.ts'
import { PiiParams, piiCheck } from './pii.ts'

type Spec = Pick<RouteVersion, 'guardrails' | 'answerSchema'>

/** The guardrails of a route version, ready to judge. One that cannot be read passes nothing. */
export function compileGuardrails(spec: Spec): CompiledGuardrail[] {
  return (spec.guardrails ?? []).map((guardrail) => {
    const { check, on, passAt, onFail } = guardrail
    const read = readCheck(guardrail, spec)
    return { check, on, passAt, onFail, judge: typeof read === 'function' ? read : unreadable }
  })
}

/** What is wrong with the parameters of a route's guardrails. Names of checks are `routeProblems`' business. */
export function guardrailProblems(spec: Spec): RouteProblem[] {
  return (spec.guardrails ?? []).flatMap((guardrail, i) => {
    const read = readCheck(guardrail, spec)
    return typeof read === 'function'
      ? []
      : read.map(({ path, message }) => ({ path: [`guardrails.${i}`, ...path].join('.'), message }))
  })
}

const unreadable: Check = () => ({ score: null })

type Read = Check | { path: string[]; message: string }[]

function readCheck({ check, on, params }: Guardrail, { answerSchema }: Spec): Read {
  if (check === 'pii') return withParams(PiiParams, params, piiCheck)
  if (check === 'deny') return withParams(DenyParams, params, (read) => denyCheck(on, read))
  if (check === 'schema') return schemaCheck(answerSchema)
  const evaluator = guardrailEvaluator(check)
  if (!evaluator) return []
  if (on === 'request' && !EVALUATORS_OF.request.includes(check))
    return [
      {
        path: ['on'],
        message: `${check} judges an answer; a request is judged by pii, deny, ${EVALUATORS_OF.request.join(', ')}`,
      },
    ]
  if (check === 'Contains' && !('texts' in params))
    return [{ path: ['params', 'texts'], message: 'there is no good answer to compare with: give texts' }]
  if (check === 'LanguageMatch' && on === 'request' && !('language' in params))
    return [
      {
        path: ['params', 'language'],
        message: 'a request has no language that it should have: give language',
      },
    ]
  return evaluator.params
    ? withParams(evaluator.params, params, (read) => evaluatorCheck(on, evaluator, read))
    : evaluatorCheck(on, evaluator, undefined)
}

function withParams<P>(schema: z.ZodType<P>, params: unknown, check: (read: P) => Check): Read {
  const read = schema.safeParse(params)
  if (read.success) return check(read.data)
  return read.error.issues.map(({ path, message }) => ({ path: ['params', ...path.map(String)], message }))
}
