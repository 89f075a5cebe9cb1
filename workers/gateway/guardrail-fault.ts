import type { GuardrailVerdict } from '../../domain/guardrails/guardrail.ts'
import { MAX_CHECKED_CHARS } from '../../domain/guardrails/rule.ts'
import type { GatewayFault } from './errors.ts'

const UNCHECKED: Record<NonNullable<GuardrailVerdict['note']>, string> = {
  failed: 'it could not be scored',
  too_long: `it is longer than the check reads (${MAX_CHECKED_CHARS} characters, and fewer for some)`,
  unreadable: 'it is no text',
}

/**
 * What a caller is told of a guardrail's refusal: which one it was, never what it found. 400 for answers too: of the statuses
 * that fit it is the one that no usual client tries again (openai, Vercel's AI SDK and LangChain all repeat from 500 on, and
 * LangChain also 422), and the same question would as a rule be refused again.
 */
export function guardrailFault(route: string, { check, on, note }: GuardrailVerdict): GatewayFault {
  const what = on === 'request' ? 'request' : 'answer'
  return {
    status: 400,
    message: note
      ? `The guardrail ${check} of the route ${route} could not check the ${what}, which is therefore refused: ${UNCHECKED[note]}`
      : `The guardrail ${check} of the route ${route} refused the ${what}`,
    type: 'invalid_request_error',
    param: null,
    code: 'guardrail.refused',
    headers: { 'x-should-retry': 'false' },
  }
}
