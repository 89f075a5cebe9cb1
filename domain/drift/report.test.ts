import { expect, test } from 'vitest'
import { WorkflowDefinition } from '../workflow/definition.ts'
import { artifactDrift, type ArtifactAge } from './artifact-drift.ts'
import { driftReport, type DriftRows } from './report.ts'

const DAY = 86_400_000
const now = Date.UTC(2026, 10, 24)
const refOf = (name: string, digit: string) => `dataset:${name}@${digit.repeat(64)}`
const raw1 = refOf('raw', '1')
const raw3 = refOf('raw', '3')
const clean1 = refOf('clean', '1')
const model = `model:m@${'a'.repeat(64)}`

const age = (ref: string, daysAgo: number, newer: ArtifactAge['newer'] = null): ArtifactAge => ({
  ref,
  createdAt: now - daysAgo * DAY,
  newer,
})
const behind = { count: 2, firstAt: now - 3 * DAY, newest: raw3 }

test('an artifact is too old, or behind, or neither', () => {
  const limit = { maxAgeDays: 7, allowOlderVersion: false }
  expect(artifactDrift(age(raw1, 5), limit, now)).toMatchObject({ drifts: false, overDays: 0 })
  expect(artifactDrift(age(raw1, 9), limit, now)).toMatchObject({
    drifts: true,
    overDays: 2,
    sentence: 'dataset:raw@111111111111 is 9 days old, 2 days over its limit of 7 days.',
  })
  expect(artifactDrift(age(raw1, 5, behind), null, now)).toMatchObject({
    drifts: true,
    versionsBehind: 2,
    behindDays: 3,
    newest: raw3,
    limitDays: null,
    sentence: 'dataset:raw@111111111111 is 2 versions behind dataset:raw@333333333333 since 3 days.',
  })
  const allowed = { ...limit, allowOlderVersion: true }
  expect(artifactDrift(age(raw1, 5, behind), allowed, now)).toMatchObject({
    drifts: false,
    versionsBehind: 2,
  })
})

const definition = WorkflowDefinition.parse({
  name: 'w',
  inputs: { rows: { kind: 'dataset' } },
  stages: {
    ingest: {
      kind: 'ingest',
      owner: 'd',
      inputs: { transcripts: 'inputs.rows' },
      with: { name: 'i' },
      gates: [{ gate: 'freshness', params: { maxAgeDays: 30 } }],
    },
    clean: { kind: 'clean', owner: 'd', inputs: { dataset: 'ingest.dataset' }, with: { name: 'c' } },
  },
})
const run = { runId: 'run_1', status: 'succeeded', createdAt: now - 4 * DAY, pinned: { 'inputs.rows': raw1 } }
const rows: DriftRows = {
  definition,
  version: 'v',
  newestRun: run,
  work: [
    { stage: 'ingest', runId: 'run_1', finishedAt: now - 4 * DAY, inputs: { transcripts: raw1 } },
    { stage: 'clean', runId: 'run_1', finishedAt: now - 4 * DAY, inputs: { dataset: clean1 } },
  ],
  production: [
    { place: 'support', version: 'route:support@x', model, since: now - DAY, builtOn: [raw1, clean1], run },
  ],
  artifacts: [age(raw1, 5, behind), age(clean1, 4)],
}

test('a stage drifts by its own inputs, and says which stages before it do', () => {
  const { stages, sentence } = driftReport(rows, now)
  expect(stages.map(({ stage, drifts, upstream }) => ({ stage, drifts, upstream }))).toEqual([
    { stage: 'ingest', drifts: true, upstream: [] },
    { stage: 'clean', drifts: false, upstream: ['ingest'] },
  ])
  expect(stages[0]!.inputs[0]).toMatchObject({ port: 'transcripts', limitDays: 30, versionsBehind: 2 })
  expect(sentence).toBe('Inputs are out of date in: ingest. Production is behind in: support.')
})

test('the newest run says what it pinned at its start, and what came since', () => {
  const { newestRun } = driftReport(rows, now)
  expect(newestRun!.sentence).toBe(
    'The run pinned inputs.rows to dataset:raw@111111111111 at its start, 2026-11-20 00:00 UTC; since then newer versions have come of inputs.rows.',
  )
})

test('production is held against what it was built on', () => {
  const { production } = driftReport(rows, now)
  expect(production).toMatchObject([{ place: 'support', drifts: true, run: { runId: 'run_1' } }])
  expect(production[0]!.sentence).toBe(
    'support serves model:m@aaaaaaaaaaaa since 2026-11-23 00:00 UTC, built on dataset:raw@111111111111, of which there are 2 newer versions since 3 days.',
  )
})

test('a workflow that never ran has a report all the same', () => {
  const empty = { ...rows, newestRun: null, work: [], production: [], artifacts: [] }
  const { sentence, stages, newestRun } = driftReport(empty, now)
  expect(newestRun).toBeNull()
  expect(sentence).toBe('Nothing that is known to have run has drifted.')
  expect(stages[0]!.sentence).toBe('ingest has not passed in any run that the report looked at.')
})
