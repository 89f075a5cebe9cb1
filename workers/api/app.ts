import { Hono } from 'hono'
import { ProblemError } from '../../domain/problem.ts'
import { workflowJsonSchema } from '../../domain/workflow/json-schema.ts'
import { taskCallbacks } from '../tasks/callbacks.ts'
import { trainingCallbacks } from '../training/callbacks.ts'
import { approvalsApi } from './approvals.ts'
import { artifactsApi } from './artifacts.ts'
import { requireScope, type ApiEnv } from './auth.ts'
import { calibrationsApi } from './calibrations.ts'
import { datasets } from './datasets.ts'
import { evaluateApi } from './evaluate.ts'
import { evaluationsApi } from './evaluations.ts'
import { evaluatorsApi } from './evaluators.ts'
import { gatesApi } from './gates.ts'
import { keysApi } from './keys.ts'
import { modelsApi } from './models.ts'
import { monitoring } from './monitoring.ts'
import { operations } from './operations.ts'
import { problemResponse, router } from './openapi.ts'
import { propagationApi } from './propagation.ts'
import { routes } from './routes.ts'
import { rowScoresApi } from './row-scores.ts'
import { runControl } from './run-control.ts'
import { runLogs } from './run-logs.ts'
import { runsApi } from './runs.ts'
import { triggersApi } from './triggers.ts'
import { waiversApi } from './waivers.ts'
import { workflows } from './workflows.ts'

/** The control plane. Each resource is a file; its zod schemas are its types, its validation and its documentation. */
const api = router()
  .route('/keys', keysApi)
  .route('/datasets', datasets)
  .route('/workflows', workflows)
  .route('/', runsApi)
  .route('/', runControl)
  .route('/', runLogs)
  .route('/', triggersApi)
  .route('/', gatesApi)
  .route('/waivers', waiversApi)
  .route('/approvals', approvalsApi)
  .route('/evaluations', evaluationsApi)
  .route('/evaluators', evaluatorsApi)
  .route('/calibrations', calibrationsApi)
  .route('/', evaluateApi)
  .route('/', rowScoresApi)
  .route('/routes', routes)
  .route('/models', modelsApi)
  .route('/', artifactsApi)
  .route('/', monitoring)
  .route('/', propagationApi)
  .route('/', operations)

export type Api = typeof api

const DESCRIPTION = {
  openapi: '3.1.0',
  info: {
    title: 'Sluice',
    version: '1',
    description: 'ML and LLM-agent workflows, from raw data to a deployed and watched model.',
  },
  servers: [{ url: '/api/v1' }],
}

api.get('/openapi.json', requireScope('read'), (c) => c.json(api.getOpenAPI31Document(DESCRIPTION)))

/** Without a key: editors fetch it. */
api.get('/workflow-schema.json', (c) => c.json(workflowJsonSchema()))

export const app = new Hono<ApiEnv>()
  .get('/health', (c) => c.json({ status: 'ok', codeSha: c.env.CODE_SHA }))
  .get('/healthz', (c) => c.json({ status: 'ok' }))
  .route('/api/v1/callbacks/training', trainingCallbacks as unknown as Hono<ApiEnv>)
  .route('/api/v1/callbacks/tasks', taskCallbacks as unknown as Hono<ApiEnv>)
  .route('/api/v1', api)

app.onError((error) => problemResponse(error))
app.notFound((c) =>
  problemResponse(new ProblemError('not.found', `There is no ${c.req.method} ${c.req.path}`)),
)
