import { expect, test } from 'vitest'
import type { RunCause } from '../../domain/workflow/plan.ts'
import { runCron } from '../../workers/cron.ts'
import { chainLength } from '../../workers/triggers/chain.ts'
import { env, ingestRows, post } from './support.ts'

/** A run as it was started. */
const run = (runId: string, cause: RunCause, project = 'default') =>
  env.LINEAGE.prepare(
    `INSERT INTO runs (run_id, project_id, workflow, workflow_version, status, inputs, code_sha, author, cause, seq, created_at)
     VALUES (?, ?, 'w', 'v', 'succeeded', '{}', 'x', 'x', ?, 1, 1)`,
  )
    .bind(runId, project, JSON.stringify(cause))
    .run()
const triggered = (event: string): RunCause => ({ by: 'trigger', trigger: 't', event })

test('the chain of a run goes through what earlier runs made, moved and contained, back to a person', async () => {
  const version = 'a'.repeat(64)
  await env.LINEAGE.batch([
    env.LINEAGE.prepare(
      `INSERT INTO artifacts (project_id, kind, name, version, manifest, code_sha, run_id, created_by, created_at)
       VALUES ('default', 'dataset', 'made', ?, '{}', 'x', 'run_c2', 'x', 1)`,
    ).bind(version),
    env.LINEAGE.prepare(
      `INSERT INTO audit_entries (audit_id, project_id, action, target, to_version, actor, run_id, reason, at)
       VALUES ('alias/default/model:m@production/1/x', 'default', 'alias.moved', 'model:m@production', 'x', 'x', 'run_c3', 'x', 1)`,
    ),
  ])
  await run('run_c1', { by: 'rerun', runId: 'run_c5', from: [] })
  await run('run_c2', triggered('run_c1'))
  await run('run_c3', triggered(`dataset:made@${version}`))
  await run('run_c4', triggered('alias/default/model:m@production/1/x'))
  await run('run_c5', { by: 'stage', runId: 'run_c4', stage: 's', attempt: 1 })
  const lengths = [1, 2, 3, 4, 5].map((n) => chainLength(env.LINEAGE, 'default', `run_c${n}`))
  expect(await Promise.all(lengths)).toEqual([1, 2, 3, 4, 5])
  expect(await chainLength(env.LINEAGE, 'elsewhere', 'run_c5')).toBe(1)
  await run('run_timed', triggered('2026-11-26T13:00:00.000Z'))
  expect(await chainLength(env.LINEAGE, 'default', 'run_timed')).toBe(1)
})

test('a run that was started but not recorded is recorded, not started again, also after the workflow has changed', async () => {
  const definition = (note: string) => ({
    name: 'half',
    inputs: { rows: { kind: 'dataset' }, note: { kind: 'value', default: '' } },
    stages: {
      ingest: {
        kind: 'ingest',
        owner: 'data',
        inputs: { transcripts: 'inputs.rows' },
        with: { name: 'raw' },
        waitFor: ['go'],
      },
    },
    triggers: [{ name: 'arrived', on: 'dataset', dataset: 'half', input: 'rows', inputs: { note } }],
  })
  const firing = () =>
    env.LINEAGE.prepare("SELECT run_id, refusal FROM firings WHERE workflow = 'half'").first()
  await post('/api/v1/workflows', definition('one'))
  await ingestRows('half', [{ id: 'a', data: {} }])
  await runCron(env, '* * * * *', Date.now())
  const before = await firing()
  expect(before).toMatchObject({ run_id: expect.stringMatching(/^run_/), refusal: null })
  await env.LINEAGE.prepare("DELETE FROM firings WHERE workflow = 'half'").run()
  await post('/api/v1/workflows', definition('two'))
  await runCron(env, '* * * * *', Date.now())
  expect(await firing()).toEqual(before)
})
