import { expect, test } from 'vitest'
import { answering, sluice } from './cli.fixture.ts'

const progress = { totalRows: 10, rowsPerSecond: 2, secondsLeft: 3.2, problem: null }
const evaluation = {
  evaluationId: 'eval_1',
  status: 'running',
  target: `model:m@${'a'.repeat(64)}`,
  source: 'dataset:d@v',
  rows: 4,
  errors: 1,
  reused: 2,
  costUsd: 0.0123,
  estimatedCostUsd: 1.5,
  createdAt: 0,
  progress,
  metrics: [
    {
      metric: 'Groundedness',
      evaluator: 'Groundedness@2',
      n: 3,
      errors: 1,
      mean: { value: 0.5, lower: 0.25, upper: 0.75 },
      median: 0.5,
      passRate: { value: 0.75, lower: 0.5, upper: 0.9 },
      passMark: { at: 0.5, note: 'uncalibrated' },
      copyRate: null,
    },
  ],
  scores: [],
}

test('an evaluation is started, shown, told and listed', async () => {
  const { asked, env } = await answering({
    'GET /api/v1/evaluations': { status: 200, body: { evaluations: [evaluation], next: null } },
    'GET /api/v1/evaluations/eval_1': { status: 200, body: evaluation },
    'POST /api/v1/evaluations': {
      status: 202,
      body: {
        evaluationId: null,
        status: 'planned',
        estimate: { rows: 10, candidateUsd: null, totalUsd: 0.25 },
      },
    },
    'POST /api/v1/evaluations/eval_1/pause': {
      status: 202,
      body: { evaluationId: 'eval_1', status: 'paused' },
    },
  })
  expect((await sluice(['evaluations', 'list'], env)).out).toBe(
    'eval_1  running  4 of 10 rows  1970-01-01 00:00:00  model:m@aaaaaaaaaaaa  dataset:d@v\n',
  )
  expect((await sluice(['evaluations', 'show', 'eval_1'], env)).out.split('\n')).toEqual([
    'eval_1 running',
    `  model:m@${'a'.repeat(64)} on dataset:d@v, started 1970-01-01 00:00:00`,
    '  4 of 10 rows, 2 a second, about 4 s left; 2 answers taken over; 1 scores could not be given',
    '  cost $0.012, estimated $1.50',
    'Groundedness by Groundedness@2',
    '  mean 0.500 (0.250 to 0.750), median 0.500, 3 rows, 1 errors',
    '  0.750 (0.500 to 0.900) pass from 0.5 on (uncalibrated)',
    '',
  ])
  const args = ['--dataset', 'dataset:d@v', '--suite', 'suite:s@v', '--dry-run', '--input-price', '2']
  const { out } = await sluice(['evaluations', 'start', ...args], env)
  expect(out).toBe(
    'nothing was started\n  10 rows, about $0.25, and what the candidate’s answers cost: give its prices\n',
  )
  expect(asked.at(-1)!.body).toEqual({
    dataset: 'dataset:d@v',
    suite: 'suite:s@v',
    force: false,
    dryRun: true,
    price: { inputUsdPerMTok: 2, outputUsdPerMTok: 0 },
  })
  expect((await sluice(['evaluations', 'pause', 'eval_1'], env)).out).toBe('eval_1 is paused\n')
})

test('rows and comparisons show answers and reasons, the worst first', async () => {
  const row = {
    rowId: 'r1',
    cohort: 'vip',
    response: 'No.',
    scores: { G: { score: 0.1, reason: 'Nothing of it.' } },
  }
  const worst = {
    rowId: 'r1',
    cohort: 'vip',
    candidate: 0.1,
    production: 0.9,
    flip: 'pass_to_fail',
    answer: 'No.',
    otherAnswer: 'Yes.',
  }
  const { asked, env } = await answering({
    'GET /api/v1/evaluations/eval_1/rows': { status: 200, body: { rows: [row], next: null } },
    'GET /api/v1/evaluations/eval_1/compare/eval_2': {
      status: 200,
      body: {
        rows: 10,
        lines: [
          {
            metric: 'G',
            cohort: null,
            outcome: 'worse',
            sentence: 'G is -80 points on 10 rows.',
            power: 0.5,
          },
        ],
        changes: [{ metric: 'G', passToFail: 1, failToPass: 0, worst: [worst] }],
      },
    },
  })
  expect((await sluice(['evaluations', 'rows', 'eval_1', '--failed', '--metric', 'G'], env)).out).toBe(
    'r1 (vip)\n  answer: No.\n  G 0.100: Nothing of it.\n',
  )
  expect(asked[0]!.path).toContain('sort=worst&limit=20&metric=G&failed=true')
  expect((await sluice(['evaluations', 'compare', 'eval_1', 'eval_2'], env)).out.split('\n')).toEqual([
    '10 rows in common',
    'worse: G is -80 points on 10 rows. Power 0.50.',
    'G: 1 rows pass no more, 0 pass now',
    '  r1 (vip) 0.900 → 0.100, passes no more',
    '    was: Yes.',
    '    now: No.',
    '',
  ])
})
