import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { answer, type createClient } from '../../client/sluice.ts'
import { KNOWLEDGE_PLACEHOLDER } from '../../domain/dataset/prompt.ts'
import type { HostedModel } from '../../domain/routing/hosted-model.ts'
import type { WorkflowShape } from '../../domain/workflow/shape.ts'
import type { stageParams } from '../../domain/stages/params.ts'

const POLL_MS = 100
/** Longest wait for the end of the run. */
const MAX_WAIT_MS = 60_000
const PROMPT = `Answer the last message.\n${KNOWLEDGE_PLACEHOLDER}`

type Settings = Omit<z.input<typeof stageParams.deploy>, 'route'>

export interface RouteToDeploy {
  route: string
  /** The first is deployed; the others stand behind it, in this order. */
  targets: readonly z.input<typeof HostedModel>[]
  /** What else stands under `with` of the deploy stage; `targets` here come before the others above. */
  with?: Settings
  /** Template of the prompt version that is deployed. */
  prompt?: string
  /** Of the deploy stage. */
  gates?: z.input<typeof WorkflowShape>['stages'][string]['gates']
}

export interface DeployedRoute {
  /** `route:NAME@VERSION`. */
  version: string
  /** Refs of the models, in the order of the targets. */
  models: string[]
  prompt: string
  runId: string
}

/**
 * Deploys a route as a user does: registers its models and its prompt, applies a workflow of one deploy stage, and runs it
 * to its end.
 *
 * @throws SluiceError where the API refuses; Error where the run does not succeed
 */
export async function deployRoute(
  client: ReturnType<typeof createClient>,
  { route, targets, with: settings = {}, prompt: template = PROMPT, gates = [] }: RouteToDeploy,
): Promise<DeployedRoute> {
  const models: string[] = []
  for (const [index, json] of targets.entries()) {
    const param = { name: `${route}-${index}` }
    models.push((await answer(client.models[':name'].versions.$post({ param, json }))).ref)
  }
  const { ref: prompt } = await answer(
    client.prompts[':name'].versions.$post({ param: { name: `${route}-prompt` }, json: { template } }),
  )
  const further = [...(settings.targets ?? []), ...models.slice(1).map((model) => ({ model }))]
  const workflow = `deploy-${route}`
  const definition = {
    name: workflow,
    inputs: { model: { kind: 'model' }, prompt: { kind: 'prompt' } },
    stages: {
      deploy: {
        kind: 'deploy',
        owner: 'platform',
        inputs: { model: 'inputs.model', prompt: 'inputs.prompt' },
        gates,
        with: { ...settings, route, ...(further.length > 0 ? { targets: further } : {}) },
      },
    },
  }
  await answer(client.workflows.$post({ query: {}, json: definition }))
  const { runId } = await answer(
    client.workflows[':workflow'].runs.$post({
      param: { workflow },
      header: {},
      json: { inputs: { model: models[0]!, prompt } },
    }),
  )
  return { version: await endOf(client, runId), models, prompt, runId }
}

const ENDED = new Set(['failed', 'cancelled', 'rolled_back'])

/** The route version that a run has put in force. */
async function endOf(client: ReturnType<typeof createClient>, runId: string): Promise<string> {
  const started = Date.now()
  for (;;) {
    const run = await answer(client.runs[':runId'].$get({ param: { runId } }))
    if (run.status === 'succeeded') return run.stages[0]!.outputs.route as string
    if (ENDED.has(run.status) || Date.now() - started > MAX_WAIT_MS)
      throw new Error(`the run ${runId} is ${run.status}: ${JSON.stringify(run.failure)}`)
    await sleep(POLL_MS)
  }
}
