import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, createClient, ingestRows } from '../../client/sluice.ts'
import { SUPPORT_AGENT_PROMPT } from '../../domain/dataset/prompt.ts'
import { generateTranscripts } from '../../examples/support-agent/transcripts/index.ts'
import { supportAgent, supportSuite } from '../../examples/support-agent/workflow.ts'
import type { RunView } from '../../workers/api/run-view.ts'
import { startStackProcess, type StackProcess } from '../../scripts/stack/stack-process.ts'

const ROWS = 600
const stateDir = mkdtempSync(join(tmpdir(), 'sluice-resume-'))
let stack: StackProcess

beforeAll(async () => {
  stack = await startStackProcess(stateDir)
})
afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

const client = () => createClient(stack)
const readRun = (runId: string): Promise<RunView> =>
  answer(client().runs[':runId'].$get({ param: { runId } }))
const stageOf = (run: RunView, kind: string) => run.stages.find((stage) => stage.kind === kind)!

async function waitFor(runId: string, seen: (run: RunView) => boolean | Promise<boolean>): Promise<RunView> {
  for (;;) {
    const run = await readRun(runId)
    if (await seen(run)) return run
    if (run.finishedAt !== null) throw new Error(`the run ended early: ${JSON.stringify(run.failure)}`)
    await sleep(50)
  }
}

/** Some chunks of the evaluation are done, and some are not. */
async function isHalfScored(run: RunView): Promise<boolean> {
  const { status } = stageOf(run, 'evaluate')
  if (status !== 'waiting' && status !== 'running') return false
  const evaluationId = `eval_${run.runId.slice(4)}`
  const { evaluations } = await answer(client().evaluations.$get({ query: {} }))
  const own = evaluations.find((row) => row.evaluationId.startsWith(evaluationId))
  return own !== undefined && own.progress.done > 0 && own.progress.done < own.progress.chunks
}

test('a run goes on where it was after everything was killed in the middle of the evaluation', async () => {
  const prompt = await answer(
    client().prompts[':name'].versions.$post({
      param: { name: 'support-agent' },
      json: { template: SUPPORT_AGENT_PROMPT },
    }),
  )
  const suite = await answer(client().suites.$post({ json: supportSuite }))
  const low = { Groundedness: 0.1, ContextRelevance: 0.01, TaskCompletion: 0.01, JSONValidation: 0.9 }
  await answer(
    client().workflows.$post({ query: {}, json: supportAgent(low) as unknown as Record<string, never> }),
  )
  const rows = generateTranscripts({ seed: 3, rows: ROWS, goldenShare: 0.6 })
  const { ref } = await ingestRows(stack, 'support-source', rows.map((row) => JSON.stringify(row)).join('\n'))
  const { runId } = await answer(
    client().workflows[':workflow'].runs.$post({
      param: { workflow: 'support-agent' },
      header: {},
      json: { inputs: { transcripts: ref, prompt: prompt.ref, suite: suite.ref } },
    }),
  )
  const before = await waitFor(runId, isHalfScored)
  await stack.kill()

  stack = await startStackProcess(stateDir)
  const after = await waitFor(runId, ({ status }) => status === 'succeeded')

  // What had passed before was not done again.
  const early = ['ingest', 'clean', 'features', 'train']
  const finishedAt = (run: RunView) => early.map((kind) => stageOf(run, kind).finishedAt)
  expect(finishedAt(after)).toEqual(finishedAt(before))
  const evaluationId = stageOf(after, 'evaluate').outputs.evaluation as string
  const evaluation = await answer(client().evaluations[':evaluationId'].$get({ param: { evaluationId } }))
  const golden = rows.filter(({ data }) => data.split === 'golden').length
  const quarantined = (stageOf(after, 'clean').outputs.redaction as { quarantined: { rows: number } })
    .quarantined.rows
  const scored = evaluation.scores.filter(({ metric }) => metric === 'JSONValidation')
  const total = scored.reduce((sum, { n, errors }) => sum + n + errors, 0)
  expect(total).toBe(evaluation.rows)
  expect(total).toBeGreaterThanOrEqual(golden - quarantined)
  expect(total).toBeLessThanOrEqual(golden)
  expect(scored.reduce((sum, { errors }) => sum + errors, 0)).toBe(0)

  const { deployments } = await answer(
    client().routes[':route'].deployments.$get({ param: { route: 'support' } }),
  )
  expect(deployments).toHaveLength(1)
}, 180_000)
