import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffWorkflows, type Change } from './diff.ts'
import { defined, drafted } from './sound.fixture.ts'

type Edit = Parameters<typeof drafted>[0]

const changesOf = (change: Edit): Change[] => diffWorkflows(defined(), defined(change))
const summary = (changes: Change[]) =>
  changes.map(({ at, kind, before, after, weaker }) => ({ at, kind, before, after, weaker }))

const approving = (w: Parameters<NonNullable<Edit>>[0], signal: string) =>
  (w.stages.promote.waitFor = [signal])

describe('what is no change', () => {
  test.for<[string, Edit]>([
    ['a default that is written down', (w) => (w.stages.clean.gates[0].params = { maxFindings: 0 })],
    ['a default of a stage', (w) => (w.stages.features.with.goldenShare = 0.5)],
    ['the order of gates', (w) => (w.stages.clean.gates = w.stages.clean.gates.toReversed())],
    ['the order of stages', (w) => (w.stages = Object.fromEntries(Object.entries(w.stages).toReversed()))],
  ])('%s', ([, change]) => {
    expect(changesOf(change)).toEqual([])
  })
})

describe('what is a change', () => {
  test.for<[string, Edit, Omit<Change, 'reason' | 'stage' | 'gate'>]>([
    [
      'a margin that is raised',
      (w) => (w.stages.promote.gates[0].params.margin = 0.05),
      {
        at: 'stages.promote.gates.no-regression.margin',
        kind: 'changed',
        before: 0.03,
        after: 0.05,
        weaker: true,
      },
    ],
    [
      'a margin that is lowered',
      (w) => (w.stages.promote.gates[0].params.margin = 0.01),
      {
        at: 'stages.promote.gates.no-regression.margin',
        kind: 'changed',
        before: 0.03,
        after: 0.01,
        weaker: false,
      },
    ],
    [
      'a threshold that falls back to nothing',
      (w) => delete w.stages.evaluate.gates[1].params.metrics.Groundedness.cohort,
      {
        at: 'stages.evaluate.gates.threshold.metrics.Groundedness.cohort',
        kind: 'removed',
        before: 0.6,
        after: null,
        weaker: true,
      },
    ],
    [
      'a limit that falls back to its default',
      (w) => (w.stages.evaluate.gates[0].params = {}),
      {
        at: 'stages.evaluate.gates.coverage.minEvaluators',
        kind: 'changed',
        before: 3,
        after: 2,
        weaker: true,
      },
    ],
    [
      'a gate that is gone',
      (w) => w.stages.deploy.gates.shift(),
      {
        at: 'stages.deploy.gates.single-change',
        kind: 'removed',
        before: { onInconclusive: 'block' },
        after: null,
        weaker: true,
      },
    ],
    [
      'a gate that is new',
      (w) => w.stages.features.gates.push({ gate: 'freshness', params: { maxAgeDays: 1 } }),
      {
        at: 'stages.features.gates.freshness',
        kind: 'added',
        before: null,
        after: { maxAgeDays: 1, allowOlderVersion: false, onInconclusive: 'block' },
        weaker: false,
      },
    ],
    [
      'more attempts',
      (w) => (w.stages.train.retry = { attempts: 3 }),
      { at: 'stages.train.retry.attempts', kind: 'changed', before: 1, after: 3, weaker: false },
    ],
    [
      'another source',
      (w) => (w.stages.deploy.inputs.prompt = 'prompt:p@production'),
      {
        at: 'stages.deploy.inputs.prompt',
        kind: 'changed',
        before: 'inputs.prompt',
        after: 'prompt:p@production',
        weaker: false,
      },
    ],
    [
      'another time',
      (w) => (w.triggers[0].cron = '0 4 * * *'),
      {
        at: 'triggers.nightly.cron',
        kind: 'changed',
        before: '0 3 * * *',
        after: '0 4 * * *',
        weaker: false,
      },
    ],
    [
      'a new run input',
      (w) => (w.inputs.extra = { kind: 'dataset' }),
      { at: 'inputs.extra', kind: 'added', before: null, after: { kind: 'dataset' }, weaker: false },
    ],
    [
      'a condition on a stage with gates',
      (w) => (w.stages.clean.when = { source: 'signals.go', is: 'present' }),
      {
        at: 'stages.clean.when',
        kind: 'added',
        before: null,
        after: { source: 'signals.go', is: 'present' },
        weaker: true,
      },
    ],
    [
      'a smaller sample of production',
      (w) => (w.stages.monitor.with.sample = 50),
      { at: 'stages.monitor.with.sample', kind: 'changed', before: 200, after: 50, weaker: true },
    ],
    [
      'a cohort that is no longer watched',
      (w) => (w.stages.monitor.with.margins = {}),
      {
        at: 'stages.monitor.with.margins.Groundedness',
        kind: 'removed',
        before: 0.05,
        after: null,
        weaker: true,
      },
    ],
  ])('%s', ([, change, expected]) => {
    expect(summary(changesOf(change))).toEqual([expected])
  })

  test('a stage with gates that is gone takes its gates along', () => {
    const [trained, gone] = changesOf((w) => {
      delete w.stages.features
      w.stages.train.inputs.dataset = 'clean.dataset'
      w.stages.evaluate.inputs.golden = 'dataset:golden@production'
    }).filter(({ stage }) => stage === 'features' || stage === 'train')
    expect([trained, gone]).toContainEqual(
      expect.objectContaining({
        at: 'stages.features',
        kind: 'removed',
        weaker: true,
        reason: 'its gate is gone: data-quality',
      }),
    )
  })

  test('a stage that goes around the gates of another is weaker, though every gate is still there', () => {
    const changes = changesOf((w) => {
      w.stages.features.inputs.dataset = 'inputs.rows'
      w.stages.features.needs = []
      w.stages.train.pool = 'others'
    })
    expect(changes.filter(({ weaker }) => weaker)).toEqual([
      expect.objectContaining({
        at: 'stages.features.inputs.dataset',
        stage: 'features',
        gate: null,
        reason: 'it no longer waits for the gates of clean',
      }),
    ])
    expect(changes).toHaveLength(2)
  })

  test('what no longer waits for a person, or is no longer undone, is weaker', () => {
    const before = defined((w) => {
      approving(w, 'signedOff')
      w.stages.reserve = {
        kind: 'task',
        owner: 'x',
        inputs: { model: 'train.model' },
        outputs: {},
        with: { endpoint: 'e' },
        rollback: 'release',
      }
      w.stages.release = { kind: 'task', owner: 'x', outputs: {}, with: { endpoint: 'e' } }
    })
    const after = defined((w) => {
      w.stages.reserve = { ...structuredClone(before.stages.reserve) }
      delete w.stages.reserve.rollback
      w.stages.release = { ...before.stages.release, needs: ['reserve'] }
    })
    const reasons = diffWorkflows(before, after).flatMap(({ reason }) => reason ?? [])
    expect(reasons).toEqual([
      'the stage no longer waits for the signal signedOff',
      'what the stage does is not undone when the run fails',
    ])
  })
})

/** Definitions with some of their parts changed. */
const edits: Edit[] = [
  (w) => (w.stages.promote.gates[0].params.margin = 0.05),
  (w) => (w.stages.promote.gates = []),
  (w) => (w.stages.train.gates = [{ gate: 'freshness', params: { maxAgeDays: 3 } }]),
  (w) => delete w.stages.monitor,
  (w) => (w.stages.train.owner = 'others'),
  (w) => (w.stages.train.timeoutSeconds = 60),
  (w) => (w.stages.deploy.when = { source: 'signals.go', is: 'present' }),
  (w) => (w.triggers = []),
  (w) => (w.inputs.extra = { kind: 'value', default: null }),
  (w) => (w.concurrency = 2),
  (w) => (w.outputs = { model: 'promote.model' }),
  (w) => approving(w, 'go'),
]
const version = fc.subarray(edits).map((chosen) => defined((w) => chosen.forEach((edit) => edit!(w))))

test('a version does not differ from itself', () => {
  fc.assert(
    fc.property(version, (one) => {
      expect(diffWorkflows(one, structuredClone(one))).toEqual([])
    }),
  )
})

test('turned round, what was added is removed, in the same places', () => {
  const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const
  const inOrder = (changes: { at: string }[]) => changes.toSorted((a, b) => (a.at < b.at ? -1 : 1))
  fc.assert(
    fc.property(version, version, (one, other) => {
      const there = diffWorkflows(one, other).map(({ at, kind, before, after }) => ({
        at,
        kind,
        before,
        after,
      }))
      const back = diffWorkflows(other, one).map(({ at, kind, before, after }) => ({
        at,
        kind: turned[kind],
        before: after,
        after: before,
      }))
      expect(inOrder(back)).toEqual(inOrder(there))
      expect(there.length === 0).toBe(JSON.stringify(one) === JSON.stringify(other))
    }),
  )
})
