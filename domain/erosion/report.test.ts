import { describe, expect, test } from 'vitest'
import { WorkflowDefinition } from '../workflow/definition.ts'
import { erosionReport, type ErosionRows, type WaiverRow } from './report.ts'
import type { VersionRow } from './timeline.ts'

const DAY = 86_400_000
const now = Date.UTC(2026, 10, 24)

type Gates = { gate: string; params: Record<string, number> }[]
const quality = { gate: 'data-quality', params: { minRows: 100 } }
const fresh = { gate: 'freshness', params: { maxAgeDays: 7 } }

function version(name: string, gates: Gates, daysAgo: number, reappliedDaysAgo = daysAgo): VersionRow {
  const definition = WorkflowDefinition.parse({
    name: 'w',
    inputs: { rows: { kind: 'dataset' } },
    stages: {
      ingest: {
        kind: 'ingest',
        owner: 'data',
        inputs: { transcripts: 'inputs.rows' },
        with: { name: 'd' },
        gates,
      },
    },
  })
  const [createdAt, appliedAt] = [now - daysAgo * DAY, now - reappliedDaysAgo * DAY]
  return { version: name, definition, author: `key_${name}`, authorName: null, createdAt, appliedAt }
}

const history = { endedRuns: [], ran: [], lastRan: [], since: now - 90 * DAY }
const report = (rows: Partial<ErosionRows>) =>
  erosionReport(
    {
      workflow: 'w',
      versions: [version('v1', [quality], 1)],
      replacements: [],
      waivers: [],
      history,
      weeks: [],
      ...rows,
    },
    now,
  )
const replaced = (fromVersion: string, toVersion: string, daysAgo: number) => ({
  fromVersion,
  toVersion,
  author: 'key_ben',
  authorName: 'ben',
  at: now - daysAgo * DAY,
})

describe('gates that got weaker', () => {
  test('a gate that was removed is named, with who and when, and whether it was put back', () => {
    const versions = [version('v1', [quality, fresh], 9), version('v2', [quality], 5)]
    const replacements = [replaced('v1', 'v2', 5)]
    const { weakened } = report({ versions, replacements })
    expect(weakened.changes).toHaveLength(1)
    expect(weakened.changes[0]).toMatchObject({
      what: 'removed',
      stage: 'ingest',
      gate: 'freshness',
      author: 'key_ben',
      at: now - 5 * DAY,
      stands: true,
      to: null,
    })
    expect(weakened.changes[0]!.sentence).toMatch(
      /^The gate freshness of ingest was removed by ben on 2026-11-19 00:00 UTC/,
    )
    expect(weakened.sentence).toBe('1 removed and 0 loosened over 2 versions; 1 still stands.')

    const again = report({ versions: [...versions, version('v3', [quality, fresh], 2)], replacements })
    expect(again.weakened.changes).toMatchObject([{ what: 'removed', stands: false }])
  })

  test('a looser threshold is told from what to what', () => {
    const versions = [
      version('v1', [quality], 9),
      version('v2', [{ gate: 'data-quality', params: { minRows: 10 } }], 5),
    ]
    expect(report({ versions, replacements: [replaced('v1', 'v2', 5)] }).weakened.changes).toMatchObject([
      { what: 'loosened', from: 100, to: 10, place: 'stages.ingest.gates.data-quality.minRows' },
    ])
  })

  test('a version that comes back restores what it had, and what was weaker between is not forgotten', () => {
    const versions = [version('v1', [quality, fresh], 9, 2), version('v2', [quality], 5)]
    const { weakened, version: current } = report({ versions, replacements: [replaced('v1', 'v2', 5)] })
    expect(current).toBe('v1')
    expect(weakened.changes).toMatchObject([{ what: 'removed', at: now - 5 * DAY, stands: false }])
  })

  test('a stricter version is no erosion', () => {
    const versions = [version('v1', [quality], 9), version('v2', [quality, fresh], 5)]
    expect(report({ versions }).weakened).toEqual({
      changes: [],
      sentence: 'No gate got weaker over 2 versions.',
    })
  })
})

describe('gates that have not run lately', () => {
  const run = (runId: string, daysAgo: number) => ({ runId, createdAt: now - daysAgo * DAY })
  const gate = { stage: 'ingest', gate: 'data-quality' }

  test('a gate that none of the last runs came to is named', () => {
    const endedRuns = [run('r2', 0.2), run('r1', 0.5)]
    const { idle } = report({ history: { ...history, endedRuns } })
    expect(idle.gates).toMatchObject([{ ...gate, runs: 2, lastRanAt: null }])
    expect(idle.sentence).toBe('Not run lately: data-quality of ingest.')
  })

  test('one of them is enough', () => {
    const endedRuns = [run('r2', 0.2), run('r1', 0.5)]
    const ran = [{ runId: 'r1', ...gate }]
    const lastRan = [{ ...gate, at: now - 0.5 * DAY }]
    expect(report({ history: { ...history, endedRuns, ran, lastRan } }).idle.gates).toEqual([])
  })

  test('a gate that was added today owes nothing to the runs before', () => {
    const endedRuns = [run('r1', 3)]
    expect(report({ history: { ...history, endedRuns } }).idle.gates).toEqual([])
  })

  test('a gate whose last verdict is more than 14 days old is named, with the day', () => {
    const lastRan = [{ ...gate, at: now - 15 * DAY }]
    const versions = [version('v1', [quality], 60)]
    const { idle } = report({ versions, history: { ...history, lastRan } })
    expect(idle.gates[0]!.sentence).toBe(
      'The gate data-quality of ingest has not run for 14 days; last on 2026-11-09 00:00 UTC.',
    )
  })
})

test('waivers are told apart by their state now', () => {
  const waiver = (waiverId: string, change: Partial<WaiverRow> = {}): WaiverRow => ({
    waiverId,
    stage: 'ingest',
    gate: 'freshness',
    reason: 'the exporter is being moved',
    author: 'key_a',
    authorName: 'ana',
    createdAt: now - 3 * DAY,
    expiresAt: now + DAY,
    revokedAt: null,
    used: 1,
    ...change,
  })
  const { waivers } = report({
    waivers: [waiver('open'), waiver('old', { expiresAt: now - 1 }), waiver('gone', { revokedAt: now - 1 })],
  })
  expect(waivers.open.map(({ waiverId }) => waiverId)).toEqual(['open'])
  expect(waivers.ended.map(({ waiverId, state }) => [waiverId, state])).toEqual([
    ['old', 'expired'],
    ['gone', 'revoked'],
  ])
  expect(waivers.sentence).toBe(
    'Waived now: freshness of ingest. 2 waivers ended before; 3 verdicts passed by a waiver.',
  )
})

test('the trend has eight weeks, oldest first, and no rate where there is nothing to count', () => {
  const { trend } = report({
    weeks: [
      { age: 0, verdicts: 10, waived: 2 },
      { age: 6, verdicts: 20, waived: 1 },
    ],
  })
  expect(trend.weeks.map(({ rate }) => rate)).toEqual([null, 0.05, null, null, null, null, null, 0.2])
  expect(trend.weeks.at(-1)).toMatchObject({ to: now, from: now - 7 * DAY, verdicts: 10, waived: 2 })
  expect(trend.sentence).toBe(
    'In the last 4 weeks 2 of 10 verdicts (20.0%) were waived; in the 4 weeks before, 1 of 20 verdicts (5.0%).',
  )
})
