import { Validator, type Schema } from '@cfworker/json-schema'
import { expect, test } from 'vitest'
import { supportAgent } from '../../examples/support-agent/workflow.ts'
import type { Change } from '../../domain/workflow/diff.ts'
import type { Finding } from '../../domain/workflow/lint.ts'
import { drafted } from '../../domain/workflow/sound.fixture.ts'
import { env, get, makeKey, post, request, type Problem } from './support.ts'

interface Applied {
  workflow: string
  version: string
  gitSha: string
  author: string
  createdAt: number
  warnings: Finding[]
  changes: Change[]
  weaker: number
}
interface Refused extends Problem {
  findings: Finding[]
}
interface AuditEntry {
  action: string
  target: string
  from_version: string
  to_version: string
  actor: string
  reason: string
}

const SHA = 'a'.repeat(40)
const apply = (
  definition: unknown,
  { gitSha = SHA, ...init }: { gitSha?: string | null; key?: string } = {},
) => post<Applied>(`/api/v1/workflows${gitSha === null ? '' : `?gitSha=${gitSha}`}`, definition, init)
const named = (name: string, change: Parameters<typeof drafted>[0] = () => {}) =>
  drafted((w) => {
    w.name = name
    change?.(w)
  })
const margin =
  (value: number): NonNullable<Parameters<typeof drafted>[0]> =>
  (w) =>
    (w.stages.promote.gates[0].params.margin = value)
const weakened = async (workflow: string): Promise<AuditEntry[]> => {
  const query = `SELECT * FROM audit_entries WHERE target = ? ORDER BY at`
  return (await env.LINEAGE.prepare(query).bind(`workflow:${workflow}`).all<AuditEntry>()).results
}

test('a sound workflow and the example are accepted without a warning, with their commit', async () => {
  const { status, body } = await apply(named('sound'))
  expect(status).toBe(201)
  expect(body).toMatchObject({ workflow: 'sound', gitSha: SHA, warnings: [], changes: [], weaker: 0 })
  const thresholds = { Groundedness: 0.5, ContextRelevance: 0.5, TaskCompletion: 0.5, JSONValidation: 0.9 }
  const example = await apply(supportAgent(thresholds))
  expect(example).toMatchObject({ status: 201, body: { warnings: [] } })
})

test('what must not run is refused with every finding: its code, place, reason and fix', async () => {
  const { status, body } = await post<Refused>(
    '/api/v1/workflows',
    named('refused', (w) => {
      w.stages.promote.inputs = { model: 'train.model' }
      w.stages.clean.inputs.dataset = 'inputs.row'
      w.stages.train.owner = ' '
    }),
  )
  expect(status).toBe(422)
  expect(body.code).toBe('workflow.invalid')
  expect(body.detail).toMatch(/stages\.clean\.inputs\.dataset: nothing produces inputs\.row/)
  expect(body.findings.map(({ code, at }) => [code, at])).toEqual([
    ['unknown-source', 'stages.clean.inputs.dataset'],
    ['missing-input', 'stages.promote.inputs.evaluation'],
    ['no-owner', 'stages.train.owner'],
    ['no-evaluation', 'stages.promote.inputs.evaluation'],
  ])
  for (const { reason, fix, severity } of body.findings) {
    expect(severity).toBe('error')
    expect([reason, fix]).not.toContain('')
  }
  expect((await get<{ versions: unknown[] }>('/api/v1/workflows/refused')).body.versions).toEqual([])
})

test('an online gate with offline verdicts only is refused', async () => {
  const online = { gate: 'online', params: { route: 'r', metrics: { Groundedness: { overall: 0.7 } } } }
  const { status, body } = await post<Refused>(
    '/api/v1/workflows',
    named('offline', (w) => w.stages.promote.gates.push(online)),
  )
  expect(status).toBe(422)
  expect(body.findings).toEqual([
    expect.objectContaining({ code: 'offline-for-online', at: 'stages.promote.gates.1' }),
  ])
})

test('what is unwise is accepted and said, and so is a definition that is in no repository', async () => {
  const { status, body } = await apply(
    named('unwise', (w) => w.stages.deploy.gates.shift()),
    { gitSha: null },
  )
  expect(status).toBe(201)
  expect(body.warnings.map(({ code }) => code)).toEqual(['not-in-code', 'several-changes'])
  expect(body.gitSha).toBe(env.CODE_SHA)
  expect(await apply(named('unwise'), { gitSha: 'main' })).toMatchObject({
    status: 400,
    body: { code: 'request.invalid', field: 'gitSha' },
  })
})

test('lint says the same without storing anything', async () => {
  const { status, body } = await post<{ findings: Finding[] }>(
    '/api/v1/workflows/lint',
    named('linted', (w) => w.stages.deploy.gates.shift()),
  )
  expect(status).toBe(200)
  expect(body.findings.map(({ code, severity }) => [code, severity])).toEqual([
    ['several-changes', 'warning'],
  ])
  expect((await get<{ versions: unknown[] }>('/api/v1/workflows/linted')).body.versions).toEqual([])
})

test('what got weaker is answered, counted and put into the audit log, once', async () => {
  const { key, keyId } = await makeKey(['run', 'read'])
  const first = (await apply(named('weaker'), { key })).body
  const second = (await apply(named('weaker', margin(0.05)), { key, gitSha: 'b'.repeat(40) })).body
  expect(second).toMatchObject({
    weaker: 1,
    gitSha: 'b'.repeat(40),
    author: keyId,
    changes: [
      {
        at: 'stages.promote.gates.no-regression.margin',
        kind: 'changed',
        before: 0.03,
        after: 0.05,
        weaker: true,
        reason: 'it was raised, and more gets through',
        stage: 'promote',
        gate: 'no-regression',
      },
    ],
  })
  expect((await apply(named('weaker', margin(0.05)), { key })).body).toMatchObject({ changes: [], weaker: 0 })
  expect(await weakened('weaker')).toEqual([
    expect.objectContaining({
      action: 'workflow.weakened',
      from_version: first.version,
      to_version: second.version,
      actor: keyId,
      reason:
        'stages.promote.gates.no-regression.margin went from 0.03 to 0.05: it was raised, and more gets through.',
    }),
  ])
  expect((await apply(named('weaker', margin(0.01)), { key })).body.weaker).toBe(0)
  expect(await weakened('weaker')).toHaveLength(1)
})

test('a version never changes: applied again it is the current one, as it was first recorded', async () => {
  const first = (await apply(named('back'))).body
  await apply(named('back', margin(0.01)))
  const again = (await apply(named('back'), { gitSha: 'c'.repeat(40) })).body
  expect(again).toMatchObject({ version: first.version, gitSha: SHA, createdAt: first.createdAt, weaker: 1 })
  const { versions } = (await get<{ versions: { version: string }[] }>('/api/v1/workflows/back')).body
  expect(versions.map(({ version }) => version)[0]).toBe(first.version)
  expect(versions).toHaveLength(2)
  expect(await weakened('back')).toHaveLength(1)
})

test('versions that are applied at the same time are each judged against the one they replace', async () => {
  await apply(named('together', margin(0.01)))
  const values = [0.02, 0.03, 0.04]
  const applied = await Promise.all(values.map((value) => apply(named('together', margin(value)))))
  expect(applied.map(({ status }) => status)).toEqual([201, 201, 201])
  const chain = applied.flatMap(({ body }) => body.changes.map(({ before, after }) => [before, after]))
  const order = [0.01]
  while (order.length <= values.length)
    order.push(chain.find(([before]) => before === order.at(-1))![1] as number)
  expect(order.toSorted()).toEqual([0.01, ...values])
  const rises = chain.filter(([before, after]) => (after as number) > (before as number))
  expect(await weakened('together')).toHaveLength(rises.length)
})

test('two versions are compared by name, or the current one with the one before', async () => {
  const versions: string[] = []
  for (const value of [0.01, 0.02, 0.03])
    versions.push((await apply(named('compared', margin(value)))).body.version)
  const compare = (query = '') =>
    get<{ from: string; to: string; changes: Change[]; weaker: number }>(
      `/api/v1/workflows/compared/diff${query}`,
    )
  expect((await compare()).body).toMatchObject({
    from: versions[1],
    to: versions[2],
    weaker: 1,
    changes: [{ before: 0.02, after: 0.03 }],
  })
  const back = await compare(`?from=${versions[2]!.slice(0, 12)}&to=${versions[0]}`)
  expect(back.body).toMatchObject({ weaker: 0, changes: [{ before: 0.03, after: 0.01, weaker: false }] })
  expect((await compare(`?to=${versions[0]}`)).body).toMatchObject({ from: null, changes: [] })
  expect(await compare('?to=ffffffff')).toMatchObject({
    status: 404,
    body: { detail: 'The workflow compared has no version ffffffff' },
  })
  expect(await compare('?to=v1')).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
  expect((await get('/api/v1/workflows/nothing/diff')).status).toBe(404)
})

test('another project sees none of it', async () => {
  await apply(named('private'))
  const { key } = await makeKey(['read', 'run'], 'elsewhere')
  expect((await get<{ versions: unknown[] }>('/api/v1/workflows/private', { key })).body.versions).toEqual([])
  expect((await get('/api/v1/workflows/private/diff', { key })).status).toBe(404)
  expect((await apply(named('private', margin(0.2)), { key })).body).toMatchObject({ changes: [], weaker: 0 })
})

test('the JSON Schema is served to anyone, and takes what the API takes', async () => {
  const response = await request('/api/v1/workflow-schema.json', { key: null })
  expect(response.status).toBe(200)
  const validator = new Validator((await response.json()) as Schema, '2020-12', false)
  expect(validator.validate(named('x')).errors).toEqual([])
  expect(validator.validate({ name: 'x' }).valid).toBe(false)
})
