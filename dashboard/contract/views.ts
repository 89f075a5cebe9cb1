/**
 * Holds the dashboard's view types against what the API answers. It is a program of its own, since the API's types
 * need the Worker's and the dashboard's need the browser's. `tsc -p dashboard/contract` fails where they part.
 */
import type { hc, InferResponseType } from 'hono/client'
import type { Api } from '../../workers/api/app.ts'
import type { RunView as ApiRunView } from '../../workers/api/runs.ts'
import type { measureProject } from '../../workers/monitoring/measure.ts'
import type * as views from '../src/api/views.ts'

type Client = ReturnType<typeof hc<Api>>
type Answer<Endpoint> = InferResponseType<Endpoint, 200>

/** Does not compile unless what the API answers is what the dashboard reads. */
type Holds<Read, Answered extends Read> = [Read, Answered]

export type Contract = [
  Holds<views.RunView, ApiRunView>,
  Holds<views.RunPage, Answer<Client['runs']['$get']>>,
  Holds<views.RunView, Answer<Client['runs'][':runId']['$get']>>,
  Holds<views.EventPage, Answer<Client['runs'][':runId']['events']['$get']>>,
  Holds<views.Evaluation, Answer<Client['evaluations'][':evaluationId']['$get']>>,
  Holds<views.RoutePage, Answer<Client['routes']['$get']>>,
  Holds<views.DeploymentPage, Answer<Client['routes'][':route']['deployments']['$get']>>,
  Holds<views.Rollback, Answer<Client['routes'][':route']['rollback']['$post']>>,
  Holds<views.IncidentPage, Answer<Client['incidents']['$get']>>,
  Holds<views.Measures, Awaited<ReturnType<typeof measureProject>>>,
]
