import type { ErrorBody } from './error-body.ts'

/** Whose fault a failed attempt is, and so what can be done about it. */
export type FailureClass =
  | 'transient'
  | 'timeout'
  | 'rate_limited'
  | 'credentials'
  | 'model_gone'
  | 'context_length'
  | 'content_policy'
  | 'caller_fault'
  /** The answer came, and the route may not send it. */
  | 'guardrail'
  | 'answer_not_valid'
  | 'unknown'

interface Sign {
  failure: FailureClass
  /** Statuses that mean this class whatever the body says. */
  statuses?: readonly number[]
  /** Codes or types of the error body that mean it at any status. */
  code?: RegExp
  /** What the body says that means it at these statuses. */
  says?: { at: readonly number[]; message?: RegExp; param?: RegExp }
}

/**
 * The first sign that is seen decides. Messages may quote the caller: those that open a breaker are matched from their
 * beginning, which no caller writes. Quota stands before rate limits: a spent account also answers 429.
 */
const SIGNS: readonly Sign[] = [
  {
    failure: 'content_policy',
    code: /^(content_filter|content_policy_violation|content_moderation|moderation_blocked|responsibleaipolicyviolation|safety_violation)$/,
    says: {
      at: [400, 403, 422],
      message:
        /content management policy|content policy|rejected as a result of our safety system|input was flagged/,
    },
  },
  {
    failure: 'context_length',
    code: /^(context_length_exceeded|context_window_exceeded|exceed_context_size_error)$/,
    says: {
      at: [400, 413, 422],
      message:
        /maximum context length|context (window|limit|size|length)|prompt is too long|input token count|longer than the maximum model length|tokens` \+ .{1,40} must be <=|reduce the length of the (messages|prompt|input)/,
    },
  },
  {
    failure: 'credentials',
    statuses: [401, 402, 403],
    code: /^(account_deactivated|api_key_invalid|authentication_error|billing_error|billing_hard_limit_reached|billing_not_active|insufficient_balance|insufficient_quota|invalid_api_key|payment_required|permission_denied|permission_error|unauthenticated)$/,
    says: {
      at: [400, 429],
      message:
        /^(your credit balance is too low|api key (not valid|expired)|incorrect api key|insufficient (balance|credits|quota))/,
    },
  },
  {
    failure: 'model_gone',
    statuses: [410],
    code: /^(deployment_not_found|deploymentnotfound|model_decommissioned|model_deprecated|model_not_available|model_not_found|model_not_supported)$/,
    says: {
      at: [404],
      message: /^(model|the model|no such model|no endpoints found|unknown model|this is not a chat model)/,
    },
  },
  {
    failure: 'model_gone',
    says: {
      at: [400],
      message: /^(invalid model|model not exist|unknown model|no such model)|is not a valid model( id)?$/,
    },
  },
  {
    failure: 'rate_limited',
    statuses: [429],
    code: /^(rate_limit_error|rate_limit_exceeded|rate_limit_reached|resource_exhausted|throttlingexception|too_many_requests)$/,
  },
  // A thing that the request names is not there: it is at no target.
  {
    failure: 'caller_fault',
    code: /^previous_response_not_found$/,
    says: { at: [404], param: /^(?!model$)./ },
  },
  { failure: 'caller_fault', statuses: [400, 409, 413, 415, 422] },
  { failure: 'unknown', statuses: [501, 505] },
  { failure: 'transient', statuses: [408, 425] },
]

/** The class of a response that is no success. */
export function classOf(status: number, error: ErrorBody): FailureClass {
  for (const { failure, statuses, code, says } of SIGNS) {
    if (statuses?.includes(status)) return failure
    if (code?.test(error.code) || code?.test(error.type)) return failure
    if (!says?.at.includes(status)) continue
    if (says.message?.test(error.message) || says.param?.test(error.param)) return failure
  }
  return status >= 500 ? 'transient' : 'unknown'
}
