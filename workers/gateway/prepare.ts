import type { Subject } from '../../domain/guardrails/guardrail.ts'
import { mapNamed, mapRequestTexts, requestSubject } from '../../domain/guardrails/request-texts.ts'
import { rule } from '../../domain/guardrails/rule.ts'
import { withPrompt, withVariables } from './bound-prompt.ts'
import type { CallContext } from './call-context.ts'
import type { Call } from './call.ts'
import { checkingOf } from './checks.ts'
import type { GatewayFault } from './errors.ts'
import { guardrailFault } from './guardrail-fault.ts'

/** What a request says beside its body, for traces. */
type Beside = Pick<CallContext, 'metadata' | 'session'>

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
    const { metadata, session } = call.context
    const ruling = rule(
      request,
      { body, beside: { metadata, session } },
      {
        read: (value) => withBeside(requestSubject(asked.kind, value.body), value.beside),
        map: (value, redact) => ({
          body: mapRequestTexts(asked.kind, value.body, redact),
          beside: mapNamed(value.beside, redact) as Beside,
        }),
      },
    )
    call.checks?.verdicts.push(...ruling.verdicts)
    const { stopped, value } = ruling
    call.context = { ...call.context, ...(stopped ? { metadata: {}, session: null } : value.beside) }
    if (stopped) return guardrailFault(active.route, stopped)
    body = value.body
  }
  const prepared = promptTemplate === undefined ? { body } : withPrompt(active.route, promptTemplate, body)
  // Written anew where guardrails looked at it: of a field that comes twice they saw the last.
  if (prepared.body !== asked.body || request.length > 0)
    call.asked = { ...asked, ...prepared, text: JSON.stringify(prepared.body) }
  return undefined
}

function withBeside(subject: Subject, beside: Beside): Subject {
  const texts = [...subject.texts]
  mapNamed(beside, (text) => {
    texts.push(text)
    return text
  })
  return { ...subject, texts }
}
