/**
 * Holds the dashboard's view types against what the API answers. It is a program of its own, since the API's types
 * need the Worker's and the dashboard's need the browser's. `tsc -p dashboard/contract` fails where they part.
 */
import type { hc, InferResponseType } from 'hono/client'
import type { Api } from '../../workers/api/app.ts'
import type { RunView as ApiRunView } from '../../workers/api/run-view.ts'
import type { measureProject } from '../../workers/monitoring/measure.ts'
import type * as evaluationViews from '../src/api/evaluation-views.ts'
import type * as gateViews from '../src/api/gate-views.ts'
import type * as operationViews from '../src/api/operation-views.ts'
import type * as views from '../src/api/views.ts'

type Client = ReturnType<typeof hc<Api>>
type Answer<Endpoint, Status extends 200 | 201 | 202 = 200> = InferResponseType<Endpoint, Status>
type Run = Client['runs'][':runId']
type Workflow = Client['workflows'][':workflow']
type Evaluation = Client['evaluations'][':evaluationId']
type RowEvaluations = Client['datasets'][':name']['rows'][':id']['evaluations']
type DatasetVersion = Client['datasets'][':name']['versions'][':version']
type Decide = Client['approvals'][':runId'][':stage'][':attempt']['$post']

/** Does not compile unless what the API answers is what the dashboard reads. */
type Holds<Read, Answered extends Read> = [Read, Answered]

export type Contract = [
  Holds<views.RunView, ApiRunView>,
  Holds<views.RunPage, Answer<Client['runs']['$get']>>,
  Holds<views.RunView, Answer<Run['$get']>>,
  Holds<views.EventPage, Answer<Run['events']['$get']>>,
  Holds<views.LogPage, Answer<Run['logs']['$get']>>,
  Holds<views.StartedRun, Answer<Run['rerun']['$post'], 201>>,
  Holds<views.Evaluation, Answer<Evaluation['$get']>>,
  Holds<evaluationViews.EvaluationPage, Answer<Client['evaluations']['$get']>>,
  Holds<evaluationViews.ScoredEvaluation, Answer<Evaluation['$get']>>,
  Holds<evaluationViews.RowPage, Answer<Evaluation['rows']['$get']>>,
  Holds<evaluationViews.Comparison, Answer<Evaluation['compare'][':otherId']['$get']>>,
  Holds<evaluationViews.EvaluationStatusChange, Answer<Evaluation['pause']['$post'], 202>>,
  Holds<evaluationViews.EvaluationStatusChange, Answer<Evaluation['resume']['$post'], 202>>,
  Holds<evaluationViews.EvaluationStatusChange, Answer<Evaluation['cancel']['$post'], 202>>,
  Holds<evaluationViews.ScoresOfRow, Answer<RowEvaluations['$get']>>,
  Holds<evaluationViews.RowScore, Answer<RowEvaluations['$post'], 201>>,
  Holds<evaluationViews.DatasetRows, Answer<DatasetVersion['rows']['$get']>>,
  Holds<views.RoutePage, Answer<Client['routes']['$get']>>,
  Holds<views.RouteInFull, Answer<Client['routes'][':route']['$get']>>,
  Holds<views.CanaryStep, Answer<Client['routes'][':route']['canary']['$post']>>,
  Holds<views.DeploymentPage, Answer<Client['routes'][':route']['deployments']['$get']>>,
  Holds<views.Rollback, Answer<Client['routes'][':route']['rollback']['$post']>>,
  Holds<views.IncidentPage, Answer<Client['incidents']['$get']>>,
  Holds<gateViews.InboxPage, Answer<Client['approvals']['$get']>>,
  Holds<gateViews.DecidedApproval, Answer<Decide>>,
  Holds<gateViews.Waiver, Answer<Client['waivers']['$post'], 201>>,
  Holds<gateViews.Waiver, Answer<Client['waivers'][':waiverId']['$delete']>>,
  Holds<gateViews.Erosion, Answer<Workflow['erosion']['$get']>>,
  Holds<gateViews.DriftReport, Answer<Workflow['drift']['$get']>>,
  Holds<operationViews.DeadLetterPage, Answer<Client['dead-letters']['$get']>>,
  Holds<operationViews.GateLockView, Answer<Client['locks'][':target']['$get']>>,
  Holds<views.Measures, Awaited<ReturnType<typeof measureProject>>>,
]
