import { evaluations } from './fixtures/stopped-run.ts'
import { firstPage, runs, secondPage } from './fixtures/runs.ts'
import { deployments, incident, rolledBack, route } from './fixtures/routes.ts'
import { measures } from './fixtures/measures.ts'
import type {
  DeploymentPage,
  Evaluation,
  EventPage,
  IncidentPage,
  Measures,
  Rollback,
  RoutePage,
  RunPage,
  RunView,
} from '../../dashboard/src/api/views.ts'
import { ProblemError, problemDocument } from '../../domain/problem.ts'

export const KEY = 'sk_sluice_test'
/** A key that may read and not approve. */
export const READ_KEY = 'sk_sluice_read'
export const EMPTY_KEY = 'sk_sluice_empty'

/** The API as the dashboard sees it: canned answers of the API's own types, behind a key. */
export class CannedApi {
  /** Reasons of the rollbacks that were asked for. */
  readonly rollbacks: string[] = []

  async fetch(request: Request): Promise<Response> {
    try {
      return Response.json(await this.#answer(request))
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
    const { pathname, searchParams } = new URL(request.url)
    const path = pathname.slice('/api/v1/'.length).split('/')
    const [resource, id = '', part] = path
    if (resource === 'runs' && id === '') {
      if (key === EMPTY_KEY) return { runs: [], next: null } satisfies RunPage
      return (searchParams.has('before') ? secondPage : firstPage) satisfies RunPage
    }
    const known = runs[id]
    if (resource === 'runs' && known && part === 'events') {
      const after = Number(searchParams.get('after') ?? 0)
      return { events: known.events.filter(({ seq }) => seq > after) } satisfies EventPage
    }
    if (resource === 'runs' && known) return known.run satisfies RunView
    const evaluation = evaluations.find(({ evaluationId }) => evaluationId === id)
    if (resource === 'evaluations' && evaluation) return evaluation satisfies Evaluation
    if (resource === 'routes' && part === 'deployments') return { deployments } satisfies DeploymentPage
    if (resource === 'routes' && part === 'rollback') return this.#rollBack(key, await request.json())
    if (resource === 'routes') return this.#routes()
    if (resource === 'incidents') return { incidents: [incident] } satisfies IncidentPage
    if (resource === 'measures') return measures satisfies Measures
    throw new ProblemError('not.found', `There is no ${pathname}`)
  }

  #routes(): RoutePage {
    const current = this.rollbacks.length > 0 ? rolledBack : route
    return { epoch: 2 + this.rollbacks.length, routes: [current] }
  }

  #rollBack(key: string, { reason }: { reason: string }): Rollback {
    if (key !== KEY)
      throw new ProblemError('scope.missing', 'The key reader has the scopes read; this needs approve')
    this.rollbacks.push(reason)
    return { version: rolledBack.version, epoch: 3 }
  }
}
