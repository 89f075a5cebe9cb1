import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answer } from '../../client/sluice.ts'
import { SUPPORT_AGENT_PROMPT } from '../../domain/dataset/prompt.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { Transcript } from '../../domain/dataset/transcript.ts'
import { productionTraffic } from '../../examples/support-agent/transcripts/index.ts'
import { supportAgent, supportSuite, type SupportThresholds } from '../../examples/support-agent/workflow.ts'
import { startStack, type Stack } from '../stack/stack.ts'
import { calibrate, cohortToDamage, scoreGoodAnswers } from './calibrate.ts'
import { createAccess, type Access } from './access.ts'
import type { DemoOptions } from './options.ts'
import type { Progress } from './progress.ts'
import { killReplica, startReplicaWith } from './replicas.ts'
import type { RunView } from '../../workers/api/run-view.ts'
import { describeEnd, followRun, runWorkflow, type RunInputs } from './run-workflow.ts'
import { addTraffic, ask, sendTraffic, untilBack, type ProductionRequest } from './traffic.ts'
import { damageCohort } from '../../examples/support-agent/transcripts/index.ts'
import { ingestTranscripts, rowsOf } from './transcripts.ts'

/** Requests before and after the serving of the new model is killed, and while it runs with the wrong weights. */
const HEALTHY_REQUESTS = 100
const KILLED_REQUESTS = 100
const DEGRADED_REQUESTS = 400
/** Longest wait for queued traces to be stored, and for a sweep. */
const SETTLE_MS = 30_000
const POLL_MS = 100

export type DemoResult = Awaited<ReturnType<typeof playStory>>

/** Brings up a stack of its own, plays the story, and takes the stack down unless it is to be kept. */
export async function runDemo(options: DemoOptions, progress: Progress, log: (line: string) => void) {
  const started = Date.now()
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-demo-'))
  progress.say(
    'Starting the local stack: workerd with D1, R2, Queues and Durable Objects; the reference GPU endpoint.',
  )
  const stack = await startStack({ stateDir, log })
  progress.say(`  up after ${((Date.now() - started) / 1000).toFixed(1)} s at ${stack.url}`)
  try {
    const result = await playStory(stack, options, progress)
    return { stack, stateDir, result: { ...result, seconds: (Date.now() - started) / 1000 } }
  } catch (error) {
    await stack.stop()
    rmSync(stateDir, { recursive: true, force: true })
    throw error
  }
}

/** The main job of Sluice, by nothing but its HTTP API: three runs, an outage, a silent degradation, a rollback. */
export async function playStory(stack: Stack, options: DemoOptions, progress: Progress) {
  const access = await createAccess(stack)
  const { ref, rows } = await ingestTranscripts(access, options)
  progress.say(`${rows.length} transcripts ingested as ${ref.slice(0, 40)}…`)

  const good = scoreGoodAnswers(rows)
  const thresholds = calibrate(good)
  progress.say(
    `Thresholds: ${Object.entries(thresholds)
      .map(([metric, value]) => `${metric} ≥ ${value}`)
      .join(', ')}.`,
  )
  const inputs = await applyWorkflow(access, thresholds)
  const cohort = cohortToDamage(rows, good)
  const play = async (name: string, expected: RunView['status'], versions: DatasetRow[]) => {
    const run = await runWorkflow(access, progress, `${name}, ${versions.length} rows`, versions, inputs)
    if (run.status !== expected) throw new Error(`${name} was to end as ${expected}, not ${describeEnd(run)}`)
    return run
  }
  const first = await play('run 1', 'succeeded', rowsOf('first', rows))
  const second = await play('run 2', 'succeeded', rowsOf('second', rows))
  // A reproduction needs what was pinned and nothing else: it goes on beside the third run.
  const reproduction = await answer(
    access.client('run').runs[':runId'].reproduce.$post({ param: { runId: second.runId }, header: {} }),
  )
  const third = await play(
    `run 3, ${cohort} damaged`,
    'failed',
    damageCohort(rowsOf('third', rows), cohort, options.seed),
  )
  const reproduced = await followRun(access, progress, 'run 2 reproduced', reproduction.runId)

  const requests = options.data === undefined ? generatedRequests(options.seed) : heldOutRequests(rows)
  const send = async (name: string, from: number, count: number) => {
    const bar = progress.bar(name, count)
    const batch = Array.from({ length: count }, (_, index) => requests[(from + index) % requests.length]!)
    const result = await sendTraffic(access, SUPPORT_AGENT_PROMPT, batch, (done) => bar.update(done, ''))
    bar.end(`${result.requests} requests, ${result.fallbacks} by fallback, ${result.failed} failed`)
    return result
  }
  const healthy = await send('traffic to the new model', 0, HEALTHY_REQUESTS)
  const model = modelOf(second.stages)
  const served = await killReplica(stack, model)
  const killed = await send('traffic after its serving was killed', HEALTHY_REQUESTS, KILLED_REQUESTS)

  progress.say(`An operator restarts ${served} with the wrong adapter: the one that the gate stopped.`)
  await startReplicaWith(stack, served, modelOf(third.stages))
  const backAfter = await untilBack(access, SUPPORT_AGENT_PROMPT, requests[0]!)
  progress.say(`  a probe finds it: the route uses it again after ${backAfter.toFixed(1)} s`)
  const degradedFrom = Date.now()
  const degraded = await send(
    'traffic to the wrong weights',
    HEALTHY_REQUESTS + KILLED_REQUESTS,
    DEGRADED_REQUESTS,
  )
  const sweep = await sweepSince(access, degradedFrom, DEGRADED_REQUESTS)
  const flagged = [
    ...new Set(sweep.findings.filter((finding) => finding.flagged).map((finding) => finding.cohort)),
  ]
  progress.say(
    `Sweep: ${sweep.sample.length} traces sampled and scored; flagged: ${flagged.join(', ') || 'none'}.`,
  )

  const rollback = await rollBack(access, requests[0]!)
  progress.say(
    `Rolled back in ${rollback.callMs} ms; the first request on the old version came ${rollback.effectMs} ms after the call.`,
  )
  const measures = await answer(access.client('read').measures.$get({ query: {} }))
  const route = second.stages.find(({ kind }) => kind === 'deploy')!.outputs.route as string
  const record = await answer(
    access.client('read').routes[':route'].record.$get({
      param: { route: 'support' },
      query: { version: route.split('@')[1]! },
    }),
  )
  return {
    rows: rows.length,
    damagedCohort: cohort,
    runs: [first, second, third],
    reproduced,
    scores: await scoresOf(access, [first, second, third]),
    gateway: [healthy, killed, degraded].reduce(addTraffic),
    sweep: { sweepId: sweep.sweepId, sampled: sweep.sample.length, flagged, findings: sweep.findings },
    rollback,
    measures,
    record,
  }
}

/** Registers the prompt, the suite and the workflow. */
async function applyWorkflow(access: Access, thresholds: SupportThresholds): Promise<RunInputs> {
  const client = access.client('run')
  const prompt = await answer(
    client.prompts[':name'].versions.$post({
      param: { name: 'support-agent' },
      json: { template: SUPPORT_AGENT_PROMPT },
    }),
  )
  const suite = await answer(client.suites.$post({ json: supportSuite }))
  await answer(
    client.workflows.$post({ query: {}, json: supportAgent(thresholds) as unknown as Record<string, never> }),
  )
  return { prompt: prompt.ref, suite: suite.ref }
}

function modelOf(stages: readonly { kind: string; outputs: Record<string, unknown> }[]): string {
  const model = stages.find(({ kind }) => kind === 'train')?.outputs.model
  if (typeof model !== 'string') throw new Error('the run has trained no model')
  return model
}

function generatedRequests(seed: number): ProductionRequest[] {
  return productionTraffic({ seed, requests: HEALTHY_REQUESTS + KILLED_REQUESTS + DEGRADED_REQUESTS })
}

/** With a file of one's own, production asks what no model was trained on: the golden rows. */
function heldOutRequests(rows: readonly DatasetRow[]): ProductionRequest[] {
  return rows
    .filter(({ data }) => data.split === 'golden')
    .map(({ cohort, data }) => {
      const { messages, knowledge } = Transcript.parse(data)
      return { cohort: cohort ?? 'none', messages, knowledge }
    })
}

/** Sweeps the traces since a moment, once all of them are stored. */
async function sweepSince(access: Access, from: number, expected: number) {
  const read = access.client('read')
  await until(async () => {
    const { total } = await answer(
      read.routes[':route'].traces.$get({
        param: { route: 'support' },
        query: { from: String(from), limit: '1' },
      }),
    )
    return total >= expected
  }, 'the traces to be stored')
  const { sweepId } = await answer(
    access
      .client('run')
      .routes[':route'].sweeps.$post({ param: { route: 'support' }, json: { from, seed: 'demo' } }),
  )
  return until(async () => {
    const sweep = await answer(read.sweeps[':sweepId'].$get({ param: { sweepId } }))
    return sweep.status === 'finished' ? sweep : undefined
  }, 'the sweep to finish')
}

async function rollBack(access: Access, request: ProductionRequest) {
  const started = performance.now()
  const { version } = await answer(
    access.client('approve').routes[':route'].rollback.$post({
      param: { route: 'support' },
      json: { reason: 'the sweep flagged a cohort' },
    }),
  )
  const callMs = Math.round(performance.now() - started)
  await until(
    async () => (await ask(access, SUPPORT_AGENT_PROMPT, request)).routeVersion === version,
    'the rollback',
  )
  return { version, callMs, effectMs: Math.round(performance.now() - started) - callMs }
}

async function scoresOf(
  access: Access,
  runs: readonly { runId: string; stages: { kind: string; outputs: Record<string, unknown> }[] }[],
) {
  const scores = []
  for (const { runId, stages } of runs) {
    const evaluationId = stages.find(({ kind }) => kind === 'evaluate')?.outputs.evaluation
    if (typeof evaluationId !== 'string') continue
    const evaluation = await answer(
      access.client('read').evaluations[':evaluationId'].$get({ param: { evaluationId } }),
    )
    scores.push({ runId, evaluationId, rows: evaluation.rows, scores: evaluation.scores })
  }
  return scores
}

async function until<T>(check: () => Promise<T | undefined | false>, what: string): Promise<T> {
  const deadline = Date.now() + SETTLE_MS
  while (Date.now() < deadline) {
    const value = await check()
    if (value) return value
    await sleep(POLL_MS)
  }
  throw new Error(`waited ${SETTLE_MS / 1000} s for ${what}`)
}
