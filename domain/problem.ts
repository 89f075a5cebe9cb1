/**
 * Every refusal of Sluice, by code. On `/api` it becomes an RFC 9457 problem document, on the gateway an OpenAI error.
 * A code that is missing here does not compile.
 */
export const PROBLEMS = {
  'request.invalid': { status: 400, title: 'The request does not have the required shape' },
  'key.missing': { status: 401, title: 'An API key is needed' },
  'key.unknown': { status: 401, title: 'The API key is not known' },
  'scope.missing': { status: 403, title: 'The API key lacks a scope' },
  'not.found': { status: 404, title: 'There is no such thing' },
  'body.too_large': { status: 413, title: 'The body is larger than allowed' },
  'body.type': { status: 415, title: 'The content type is not supported' },
  'row.invalid': { status: 422, title: 'A row is not valid' },
  'dataset.empty': { status: 422, title: 'The dataset has no rows' },
  'dataset.corrupt': { status: 500, title: 'Stored dataset content does not match its hash' },
  'workflow.invalid': { status: 422, title: 'The workflow definition is not valid' },
  'run.inputs': { status: 422, title: 'The inputs of the run are not valid' },
  'run.terminal': { status: 409, title: 'The run has ended' },
  'alias.moved': { status: 409, title: 'The alias points elsewhere by now' },
  'fence.stale': { status: 409, title: 'Another holder has the gate lock' },
  'route.moved': { status: 409, title: 'The route points elsewhere by now' },
  'route.no_rollback': { status: 409, title: 'There is no version to roll back to' },
  'signature.invalid': { status: 401, title: 'The signature is not valid' },
  'token.invalid': { status: 401, title: 'The job token is not valid' },
  'artifact.mismatch': { status: 422, title: 'The artifact does not match its hash' },
  'training.endpoint': { status: 502, title: 'The training endpoint did not do what was asked' },
  'upstream.failed': { status: 502, title: 'No target of the route could answer' },
  'sweep.no_policy': { status: 409, title: 'The route has no monitor' },
  internal: { status: 500, title: 'Something went wrong inside Sluice' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof PROBLEMS

/** A refusal with its numbers. `detail` names the field, the limit and the way out. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly extra: Record<string, unknown>

  constructor(code: ProblemCode, detail: string, extra: Record<string, unknown> = {}) {
    super(detail)
    this.code = code
    this.extra = extra
  }

  get status(): number {
    return PROBLEMS[this.code].status
  }
}

/** RFC 9457 problem document. */
export function problemDocument(problem: ProblemError): Record<string, unknown> {
  return {
    type: `urn:sluice:problem:${problem.code}`,
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...problem.extra,
  }
}
