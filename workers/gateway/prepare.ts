import { mapRequestTexts, requestSubject } from '../../domain/guardrails/request-texts.ts'
import { rule } from '../../domain/guardrails/rule.ts'
import { withPrompt, withVariables } from './bound-prompt.ts'
import type { Call } from './call.ts'
import { checkingOf } from './checks.ts'
import type { GatewayFault } from './errors.ts'
import { guardrailFault } from './guardrail-fault.ts'

/**
 * Makes of a request what targets are asked: holds it against the route's guardrails, then renders the route's prompt. The
 * prompt's own words are the operator's, and not checked. The fault of a request that a guardrail refuses.
 *
 * @throws GatewayRefusal where the prompt cannot be rendered
 */
export function prepare(call: Call, headers: Headers): GatewayFault | undefined {
  const { asked, active } = call
  const { promptTemplate } = active.spec
  const { request } = checkingOf(active.spec)
  let body = promptTemplate === undefined ? asked.body : withVariables(call, headers)
  if (request.length > 0) {
    const ruling = rule(request, body, {
      read: (value) => requestSubject(asked.kind, value),
      map: (value, redact) => mapRequestTexts(asked.kind, value, redact),
    })
    call.checks?.verdicts.push(...ruling.verdicts)
    if (ruling.stopped) return guardrailFault(active.route, ruling.stopped)
    body = ruling.value
  }
  const prepared = promptTemplate === undefined ? { body } : withPrompt(active.route, promptTemplate, body)
  if (prepared.body !== asked.body)
    call.asked = { ...asked, ...prepared, text: JSON.stringify(prepared.body) }
  return undefined
}
