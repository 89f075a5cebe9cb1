import { deadLetters } from './fixtures/dead-letters.ts'
import { EvaluationAnswers } from './evaluation-answers.ts'
import { deployments, incident, inFull, routeWith, stepped, versionWith } from './fixtures/routes.ts'
import { measures } from './fixtures/measures.ts'
import { GateAnswers } from './gate-answers.ts'
import { RunAnswers } from './run-answers.ts'
import type { DeadLetterPage, GateLockView } from '../../dashboard/src/api/operation-views.ts'
import type {
  CanaryStep,
  DeploymentPage,
  IncidentPage,
  Measures,
  Rollback,
  RoutePage,
} from '../../dashboard/src/api/views.ts'
import { ProblemError, problemDocument } from '../../domain/problem.ts'

export const KEY = 'sk_sluice_test'
/** A key that may read and not approve. */
export const READ_KEY = 'sk_sluice_read'
export const EMPTY_KEY = 'sk_sluice_empty'

/** A request as the canned API looks at it. */
export interface Asked {
  method: string
  /** Below `/api/v1`. */
  path: string[]
  query: URLSearchParams
  /** The JSON that was sent; null without any. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what a test sends
  body: any
  headers: Headers
  /** What the key has not. */
  isEmpty: boolean
}

/** The API as the dashboard sees it: canned answers of the API's own types, behind a key. */
export class CannedApi {
  /** Reasons of the rollbacks that were asked for. */
  readonly rollbacks: string[] = []
  /** Canary steps that were asked for. */
  readonly steps: { share: number; reason: string; expect?: string }[] = []
  readonly gates = new GateAnswers()
  readonly runs = new RunAnswers()
  readonly evaluations = new EvaluationAnswers()
  readonly replayed = new Set<string>()

  async fetch(request: Request): Promise<Response> {
    try {
      const answer = await this.#answer(request)
      return answer instanceof Response ? answer : Response.json(answer)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      const headers = { 'content-type': 'application/problem+json' }
      return new Response(JSON.stringify(problemDocument(error)), { status: error.status, headers })
    }
  }

  async #answer(request: Request): Promise<unknown> {
    const key = request.headers.get('authorization')?.slice('Bearer '.length)
    if (key !== KEY && key !== READ_KEY && key !== EMPTY_KEY) {
      throw new ProblemError('key.unknown', 'The API key is not known, or was revoked')
    }
    const { method, headers } = request
    if (method !== 'GET' && key !== KEY)
      throw new ProblemError('scope.missing', 'The key reader has the scopes read; this needs approve')
    const { pathname, searchParams } = new URL(request.url)
    const path = pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent)
    const body = method === 'POST' ? await request.json() : null
    const asked: Asked = { method, path, query: searchParams, body, headers, isEmpty: key === EMPTY_KEY }
    const answer =
      this.runs.answer(asked) ??
      this.gates.answer(asked) ??
      this.evaluations.answer(asked) ??
      this.#other(asked)
    if (answer === undefined) throw new ProblemError('not.found', `There is no ${pathname}`)
    return answer
  }

  #other({ path: [resource, id = '', part], body, isEmpty }: Asked): unknown {
    if (resource === 'routes' && part === 'deployments') {
      const steps = this.steps.map((each, index) => stepped(each, 3 + index)).toReversed()
      return { deployments: [...steps, ...deployments] } satisfies DeploymentPage
    }
    if (resource === 'routes' && part === 'rollback') return this.#rollBack(body)
    if (resource === 'routes' && part === 'canary') return this.#step(body)
    if (resource === 'routes' && id !== '') return inFull(this.#route(), this.#epoch())
    if (resource === 'routes') return { epoch: this.#epoch(), routes: [this.#route()] } satisfies RoutePage
    if (resource === 'incidents') return { incidents: [incident] } satisfies IncidentPage
    if (resource === 'measures') return measures satisfies Measures
    if (resource === 'dead-letters' && part === 'replay') return this.#replay(id)
    if (resource === 'dead-letters') {
      const letters = deadLetters.map((letter) =>
        this.replayed.has(letter.deadLetterId) ? { ...letter, replayedAt: Date.now() } : letter,
      )
      return { deadLetters: isEmpty ? [] : letters, next: null } satisfies DeadLetterPage
    }
    if (resource === 'locks')
      return {
        fence: 7,
        holders: ['run_m8x1c4w7e2ra/promote/1', 'run_w5q9t2y7n4bc/promote-prompt/1'],
      } satisfies GateLockView
    return undefined
  }

  #route(): ReturnType<typeof routeWith> {
    if (this.rollbacks.length > 0) return routeWith(undefined)
    return routeWith(this.steps.at(-1)?.share ?? 0.05)
  }

  #epoch(): number {
    return 2 + this.steps.length + this.rollbacks.length
  }

  #rollBack({ reason }: { reason: string }): Rollback {
    this.rollbacks.push(reason)
    return { version: this.#route().version, epoch: this.#epoch() }
  }

  #step(step: { share: number; reason: string; expect?: string }): CanaryStep {
    const { version } = this.#route()
    if (step.expect !== version) throw new ProblemError('route.moved', `It points at ${version}: look again`)
    this.steps.push(step)
    return { version: versionWith(step.share), from: version, epoch: this.#epoch(), share: step.share }
  }

  #replay(id: string) {
    const letter = deadLetters.find(({ deadLetterId }) => deadLetterId === id)!
    if (letter.queue === 'unknown')
      throw new ProblemError('dead_letter.unknown', `No queue takes a message like that of ${id}`)
    this.replayed.add(id)
    return { ...letter, replayedAt: Date.now() }
  }
}
