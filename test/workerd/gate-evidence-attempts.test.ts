import { expect, test } from 'vitest'
import type { GateAttempt } from '../../domain/gates/alpha-budget.ts'
import type { GateResult, Verdict } from '../../domain/gates/verdict.ts'
import { claimAttempt, recordAttempt } from '../../workers/gates/alpha-budget.ts'
import { gateEvidence } from '../../workers/stages/gate-evidence.ts'
import { evaluation, model, stageContext } from './gate-context.ts'
import { env } from './support.ts'

const context = stageContext('promote', 'no-regression', {})
const at = (rows: string, production: string | null = 'model:m@a') => ({
  gate: 'no-regression',
  rows,
  production,
})
const found = (verdict: Verdict, attempt: GateAttempt): GateResult => ({
  verdict,
  sentence: '',
  evidence: { attempt: { ...attempt } },
})

test('each evaluation is one attempt, looked at as often as you like', async () => {
  const ordinals = []
  for (const evaluationId of ['e1', 'e2', 'e2', 'e1', 'e3'])
    ordinals.push((await claimAttempt(env, context, at('rows-1'), evaluationId)).ordinal)
  expect(ordinals).toEqual([1, 2, 2, 1, 3])
})

test('twenty attempts at once get twenty ordinals', async () => {
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, index) => claimAttempt(env, context, at('rows-2'), `e${index}`)),
  )
  expect(claims.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  )
})

test('a pass begins a new budget; a failure, a doubt or no verdict does not', async () => {
  const attempts = []
  for (const [index, verdict] of (
    ['failed', 'inconclusive', 'not_run', 'passed', 'failed'] as const
  ).entries()) {
    const attempt = await claimAttempt(env, context, at('rows-3'), `e${index}`)
    await recordAttempt(env, 'default', found(verdict, attempt))
    attempts.push(attempt.ordinal)
  }
  attempts.push((await claimAttempt(env, context, at('rows-3'), 'unjudged')).ordinal)
  attempts.push((await claimAttempt(env, context, at('rows-3'), 'last')).ordinal)
  expect(attempts).toEqual([1, 2, 3, 4, 1, 2, 3])
})

test('the first verdict of an attempt stands: judging it again by laxer rules gives no new budget', async () => {
  const first = await claimAttempt(env, context, at('rows-4'), 'e1')
  await recordAttempt(env, 'default', found('failed', first))
  await recordAttempt(env, 'default', found('passed', first))
  expect((await claimAttempt(env, context, at('rows-4'), 'e2')).ordinal).toBe(2)
})

test('other rows, another production, stage, workflow or project have budgets of their own', async () => {
  await claimAttempt(env, context, at('rows-5'), 'e1')
  const others = [
    claimAttempt(env, context, at('rows-6'), 'e2'),
    claimAttempt(env, context, at('rows-5', 'model:m@b'), 'e2'),
    claimAttempt(env, context, { ...at('rows-5'), gate: 'threshold' }, 'e2'),
    claimAttempt(env, { ...context, stage: 'promote-eu' }, at('rows-5'), 'e2'),
    claimAttempt(env, { ...context, run: { ...context.run, workflow: 'other' } }, at('rows-5'), 'e2'),
    claimAttempt(env, { ...context, run: { ...context.run, project: 'other' } }, at('rows-5'), 'e2'),
  ]
  expect((await Promise.all(others)).map(({ ordinal }) => ordinal)).toEqual(Array(6).fill(1))
  expect((await claimAttempt(env, context, at('rows-5'), 'e3')).ordinal).toBe(2)
})

test('a result that counts no attempt changes no budget', async () => {
  await claimAttempt(env, context, at('rows-7'), 'e1')
  await recordAttempt(env, 'default', { verdict: 'passed', sentence: '', evidence: {} })
  expect((await claimAttempt(env, context, at('rows-7'), 'e2')).ordinal).toBe(2)
})

test('thresholds are attempts on the golden rows, whichever candidate', async () => {
  const source = `dataset:golden@${'d'.repeat(64)}`
  const ordinals = []
  for (const id of ['eval_a', 'eval_b', 'eval_a']) {
    if (ordinals.length < 2) await evaluation(id, { target: model('a'), source, mode: 'offline' })
    const stage = stageContext('evaluate', 'threshold', { outputs: { evaluation: id } })
    const { attempt } = (await gateEvidence(env, 'threshold', stage)) as { attempt: GateAttempt }
    ordinals.push(attempt.ordinal)
  }
  expect(ordinals).toEqual([1, 2, 1])
})

test('a promotion with nothing to compare with spends nothing', async () => {
  const outputs = { model: model('a'), production: null, productionEvaluation: null }
  const first = stageContext('promote', 'no-regression', { inputs: { evaluation: 'eval_none' }, outputs })
  expect(await gateEvidence(env, 'no-regression', first)).toEqual({
    candidate: model('a'),
    production: null,
    rows: [],
  })
})

test('a promotion is an attempt against what is in production', async () => {
  const source = `dataset:golden@${'e'.repeat(64)}`
  const rows = (value: number) =>
    Array.from({ length: 30 }, (_, index) => ({
      rowId: `r${index}`,
      cohort: 'all',
      scores: { M: { score: value, reason: '' } },
    }))
  await evaluation('eval_old', { target: model('0'), source, mode: 'offline' }, rows(0.5))
  for (const [index, id] of ['eval_c1', 'eval_c2'].entries()) {
    await evaluation(id, { target: model('c'), source, mode: 'offline' }, rows(0.6))
    const stage = stageContext('promote', 'no-regression', {
      inputs: { evaluation: id },
      outputs: { model: model('c'), production: model('0'), productionEvaluation: 'eval_old' },
    })
    const evidence = (await gateEvidence(env, 'no-regression', stage)) as {
      rows: unknown[]
      attempt: GateAttempt
    }
    expect(evidence.rows).toHaveLength(30)
    expect(evidence.attempt).toMatchObject({ ordinal: index + 1, evaluationId: id })
  }
})
