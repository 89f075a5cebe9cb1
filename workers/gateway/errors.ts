import { ProblemError } from '../../domain/problem.ts'

/** An answer to the caller that is no answer of a model, in the shape that OpenAI clients read. */
export interface GatewayFault {
  status: number
  message: string
  type: string
  param: string | null
  code: string
  headers?: Record<string, string>
}

/** A request that the gateway refuses before any target is asked. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal'
  readonly fault: GatewayFault

  constructor(fault: GatewayFault) {
    super(fault.message)
    this.fault = fault
  }
}

/** What was thrown, as the caller is told of it. What nobody foresaw is logged, and told without its words. */
export function faultOf(error: unknown): GatewayFault {
  if (error instanceof GatewayRefusal) return error.fault
  if (!(error instanceof ProblemError)) console.error({ message: 'gateway failed', error: String(error) })
  const problem =
    error instanceof ProblemError ? error : new ProblemError('internal', 'Something went wrong inside Sluice')
  const { param } = problem.extra
  return {
    status: problem.status,
    message: problem.message,
    type: problem.status < 500 ? 'invalid_request_error' : 'server_error',
    param: typeof param === 'string' ? param : null,
    code: problem.code,
  }
}

export function invalid(message: string, param: string | null = null): GatewayRefusal {
  const fault = { status: 400, message, type: 'invalid_request_error', param, code: 'request.invalid' }
  return new GatewayRefusal(fault)
}

/** Characters of a route's name: an error does not repeat more. */
const MAX_NAME = 80

export function noRoute(route: string): GatewayRefusal {
  const message = `There is no route ${route.slice(0, MAX_NAME)}`
  const fault = {
    status: 404,
    message,
    type: 'invalid_request_error',
    param: 'model',
    code: 'model_not_found',
  }
  return new GatewayRefusal(fault)
}

export function notOffered(what: string): GatewayRefusal {
  const message = `Sluice does not offer ${what}`
  const fault = { status: 501, message, type: 'invalid_request_error', param: null, code: 'not.offered' }
  return new GatewayRefusal(fault)
}

/** For `Retry-After`, whose smallest wait is a second. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)))
}

/** The error object of a fault: the body of a response, or the data of a stream's last event. */
export function errorBody({ message, type, param, code }: Omit<GatewayFault, 'status' | 'headers'>): string {
  return JSON.stringify({ error: { message, type, param, code } })
}

export function faultResponse(fault: GatewayFault, headers: Record<string, string> = {}): Response {
  return new Response(errorBody(fault), {
    status: fault.status,
    headers: { 'content-type': 'application/json', ...headers, ...fault.headers },
  })
}
