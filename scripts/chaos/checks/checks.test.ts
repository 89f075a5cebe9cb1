import { expect, test } from 'vitest'
import type { LedgerEntry } from '../../task-endpoint/ledger.ts'
import type { Row } from '../stored-state.ts'
import { MIX } from '../workflows.ts'
import type { ChaosRun, Evidence } from './check.ts'
import { noShardLost } from './datasets.ts'
import { noLockHeld } from './leases.ts'
import { aliasesOnce, nothingUndoneInForce } from './production.ts'
import { everyRunTerminal } from './runs.ts'
import { noScoreLostOrDoubled } from './scores.ts'
import { taskEffectsOnce } from './tasks.ts'

const byName = (name: string) => MIX.find(({ definition }) => definition.name === name)!
const ALIAS = 'model:support-agent@production'

interface Stored {
  runs?: ChaosRun[]
  moves?: Row[]
  aliases?: Row[]
  evaluations?: Row[]
  sums?: Row[]
  ledger?: LedgerEntry[]
  locks?: unknown[]
  shards?: Row[]
  keys?: string[]
}

/** What a stack would have left on disk. */
function evidence(stored: Stored): Evidence {
  const tables: [RegExp, Row[] | undefined][] = [
    [/FROM audit_entries/, stored.moves],
    [/FROM aliases/, stored.aliases],
    [/FROM evaluations/, stored.evaluations],
    [/FROM cohort_scores/, stored.sums],
    [/FROM artifacts/, stored.shards],
  ]
  return {
    runs: stored.runs ?? [],
    scored: new Map(),
    state: {
      d1: (sql) => tables.find(([pattern]) => pattern.test(sql))?.[1] ?? [],
      r2Keys: () => new Set(stored.keys),
      objects: () => [],
      values: () => stored.locks ?? [],
      ledger: stored.ledger ?? [],
      close: () => undefined,
    },
  }
}

function run(name: string, status: string, model?: string): ChaosRun {
  const stages = [{ stage: 'promote', kind: 'promote', status: 'passed', outputs: { model: model ?? null } }]
  return {
    runId: `run_${model ?? name}`,
    workflow: byName(name),
    view: { status, stages } as unknown as ChaosRun['view'],
  }
}

const move = (runId: string, from: string | null, to: string | null, fence: number): Row => ({
  target: ALIAS,
  from,
  to,
  fence,
  runId,
})

test('moves that follow on each other pass', () => {
  const runs = [run('chaos-model', 'succeeded', 'a'), run('chaos-model', 'succeeded', 'b')]
  const moves = [move('run_a', null, 'a', 1), move('run_b', 'a', 'b', 2)]
  expect(aliasesOnce(evidence({ runs, moves, aliases: [{ target: ALIAS, version: 'b' }] })).ok).toBe(true)
})

test.each([
  ['twice by one run', [move('run_a', null, 'a', 1), move('run_a', 'a', 'a', 2)], 'a', /2 entries/],
  ['not at all', [], null, /0 entries/],
  ['from where it was not', [move('run_a', 'x', 'a', 1)], 'a', /moved from x/],
  [
    'under one token twice',
    [move('run_a', null, 'a', 1), move('run_c', 'a', 'c', 1)],
    'c',
    /token 1 after 1/,
  ],
  ['without an audit entry', [move('run_a', null, 'a', 1)], 'z', /points at z/],
])('an alias that moved %s is found', (_what, moves, at, found) => {
  const aliases = at === null ? [] : [{ target: ALIAS, version: at }]
  const result = aliasesOnce(evidence({ runs: [run('chaos-model', 'succeeded', 'a')], moves, aliases }))
  expect(result).toEqual({ ok: false, detail: expect.stringMatching(found) })
})

test('a model of a run that was rolled back is found in production', () => {
  const runs = [run('chaos-model-undone', 'rolled_back', 'model:support-agent@a')]
  const result = nothingUndoneInForce(evidence({ runs, aliases: [{ target: ALIAS, version: 'a' }] }))
  expect(result).toEqual({ ok: false, detail: expect.stringMatching(/which was rolled back/) })
})

const applied = (runId: string, stage: string, attempt = 1): LedgerEntry => ({
  type: 'applied',
  taskId: `${runId}.${stage}.${attempt}`,
  runId,
  stage,
})
const chainLedger = ['three', 'six', 'eight'].map((stage) => applied('run_chaos-chain', stage))

test.each([
  ['as the workflow says', chainLedger, true],
  [
    'of an attempt given up, and taken back',
    [
      ...chainLedger,
      applied('run_chaos-chain', 'three', 2),
      { type: 'withdrawn', taskId: 'run_chaos-chain.three.1', by: 'cancel' },
    ],
    true,
  ],
  ['of an attempt given up, and left', [...chainLedger, applied('run_chaos-chain', 'three', 2)], false],
  ['twice of one task', [...chainLedger, chainLedger[0]!], false],
  ['too few', chainLedger.slice(1), false],
] as [string, LedgerEntry[], boolean][])('effects %s', (_what, ledger, ok) => {
  const runs = [run('chaos-chain', 'succeeded')]
  expect(taskEffectsOnce(evidence({ runs, ledger })).ok).toBe(ok)
})

test.each([
  [60, 60, true],
  [60, 59, false],
  [60, 61, false],
  [50, 60, false],
])('of 60 rows %i scored and %i in the sums', (rows, sum, ok) => {
  const evaluations = [{ id: 'eval_1', rows, errors: 0, expected: 60 }]
  const sums = [{ id: 'eval_1', metric: 'Groundedness', rows: sum }]
  expect(noScoreLostOrDoubled(evidence({ evaluations, sums })).ok).toBe(ok)
})

test('a dataset version without its shard is found', () => {
  const shards = [{ name: 'rows', version: 'v', key: 'default/datasets/rows/1' }]
  expect(noShardLost(evidence({ shards, keys: ['default/datasets/rows/1'] })).ok).toBe(true)
  expect(noShardLost(evidence({ shards, keys: [] })).detail).toMatch(/rows@v lacks its shard/)
})

test('a lock that is held and a run that goes on are found', () => {
  const locks = [{ fence: 3, entries: [{ holder: 'run_a/promote/1' }] }]
  expect(noLockHeld(evidence({ locks }))).toEqual({ ok: false, detail: 'held by run_a/promote/1' })
  const runs = [run('chaos-chain', 'waiting')]
  expect(everyRunTerminal(evidence({ runs })).ok).toBe(false)
})
