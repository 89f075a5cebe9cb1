/**
 * Every refusal of Sluice, by code. On `/api` it becomes an RFC 9457 problem document, on the gateway an OpenAI error.
 * A code that is missing here does not compile.
 */
export const PROBLEMS = {
  'request.invalid': { status: 400, title: 'The request does not have the required shape' },
  'key.missing': { status: 401, title: 'An API key is needed' },
  'key.unknown': { status: 401, title: 'The API key is not known' },
  'key.unchecked': { status: 503, title: 'The API key cannot be checked just now' },
  'scope.missing': { status: 403, title: 'The API key lacks a scope' },
  'not.found': { status: 404, title: 'There is no such thing' },
  'body.too_large': { status: 413, title: 'The body is larger than allowed' },
  'body.type': { status: 415, title: 'The content type is not supported' },
  'row.invalid': { status: 422, title: 'A row is not valid' },
  'dataset.empty': { status: 422, title: 'The dataset has no rows' },
  'dataset.corrupt': { status: 500, title: 'Stored dataset content does not match its hash' },
  'workflow.invalid': { status: 422, title: 'The workflow definition is not valid' },
  'workflow.moved': { status: 409, title: 'Another version of the workflow was applied meanwhile' },
  'run.inputs': { status: 422, title: 'The inputs of the run are not valid' },
  'key.reused': { status: 422, title: 'The idempotency key was sent with another request' },
  'task.endpoint': { status: 502, title: 'The task endpoint did not do what was asked' },
  'task.outputs': { status: 422, title: 'The task did not give what its stage says it gives' },
  'map.items': { status: 422, title: 'The items of a mapped stage are not a list that can be worked on' },
  'dead_letter.unknown': { status: 422, title: 'The dead letter belongs to no queue' },
  'suite.outdated': { status: 409, title: 'The suite names evaluators that are not here any more' },
  'evaluation.ended': { status: 409, title: 'The evaluation has ended' },
  'evaluation.other': { status: 409, title: 'The evaluation is of something else' },
  'calibration.labels': { status: 422, title: 'The labels cannot calibrate an evaluator' },
  'run.live': { status: 409, title: 'The run has not ended' },
  'run.terminal': { status: 409, title: 'The run has ended' },
  'alias.moved': { status: 409, title: 'The alias points elsewhere by now' },
  'fence.stale': { status: 409, title: 'Another holder has the gate lock' },
  'route.invalid': { status: 422, title: 'The route version is not fit to be published' },
  'route.moved': { status: 409, title: 'The route points elsewhere by now' },
  'route.no_canary': { status: 409, title: 'The route has no canary' },
  'route.no_rollback': { status: 409, title: 'There is no version to roll back to' },
  'lineage.unavailable': { status: 503, title: 'The lineage database does not answer just now' },
  'route.unavailable': { status: 503, title: 'The routes cannot be read just now' },
  'signature.invalid': { status: 401, title: 'The signature is not valid' },
  'token.invalid': { status: 401, title: 'The job token is not valid' },
  'artifact.mismatch': { status: 422, title: 'The artifact does not match its hash' },
  'training.endpoint': { status: 502, title: 'The training endpoint did not do what was asked' },
  'upstream.failed': { status: 502, title: 'No target of the route could answer' },
  'sweep.no_policy': { status: 409, title: 'The route has no monitor' },
  'waiver.invalid': { status: 422, title: 'The waiver cannot be granted' },
  'waiver.over': { status: 409, title: 'The waiver has ended' },
  'approval.closed': { status: 409, title: 'The approval is not open any more' },
  'approval.forbidden': { status: 403, title: 'Another person has to decide the approval' },
  'trigger.chain': { status: 409, title: 'Workflows trigger each other in a circle' },
  'backfill.invalid': { status: 422, title: 'The backfill is not valid' },
  'config.invalid': { status: 500, title: 'A setting of this Sluice is not valid' },
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
