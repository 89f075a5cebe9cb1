import { expect, test } from 'vitest'
import { lineage } from '../../workers/lineage/db.ts'
import { runs, stageRuns, verdicts } from '../../workers/lineage/schema.ts'
import { NEW, canaryOf, read, step } from './canary-routes.ts'
import { env } from './support.ts'

test('each target tells which gates let it in, and one without any says so', async () => {
  const { canary } = await canaryOf('let-in')
  const at = Date.now()
  const db = lineage(env.LINEAGE)
  const ran = async (runId: string, status: string, finishedAt: number) => {
    await db.insert(runs).values({
      runId,
      projectId: 'default',
      workflow: 'w',
      workflowVersion: 'v',
      status,
      inputs: {},
      codeSha: 'x',
      author: 'a',
      seq: 1,
      createdAt: at,
    })
    await db.insert(stageRuns).values({
      runId,
      stage: 'ship',
      projectId: 'default',
      position: 1,
      kind: 'deploy',
      owner: 'o',
      status: 'passed',
      attempt: 1,
      inputs: { model: NEW },
      outputs: { route: canary },
      seq: 1,
      finishedAt,
    })
    const gates = [
      ['evaluate', 'threshold', 'failed', finishedAt - 30],
      ['evaluate', 'threshold', 'passed', finishedAt - 20],
      ['ship', 'no-regression', 'waived', finishedAt - 10],
      ['watch', 'canary', 'passed', finishedAt + 10],
    ] as const
    for (const [i, [stage, gate, verdict, when]] of gates.entries())
      await db.insert(verdicts).values({
        verdictId: `${runId}/${i}`,
        projectId: 'default',
        runId,
        stage,
        attempt: 1,
        gate,
        verdict,
        blocks: true,
        sentence: 's',
        params: {},
        evidence: {},
        at: when,
      })
  }
  await ran('run_stands', 'succeeded', at - 1_000)
  await ran('run_undone', 'rolled_back', at)
  await step('let-in', { share: 0.2 })
  const { targets, settings } = await read('let-in')
  expect(targets.map(({ id, gates }) => [id, gates])).toEqual([
    ['good', []],
    [
      'echo',
      [
        { gate: 'threshold', verdict: 'passed', stage: 'evaluate', runId: 'run_stands', at: at - 1_020 },
        { gate: 'no-regression', verdict: 'waived', stage: 'ship', runId: 'run_stands', at: at - 1_010 },
      ],
    ],
  ])
  expect(settings).toContainEqual({ name: 'Canary', text: '20% of users' })
})
