import { expect, test } from 'vitest'
import { moveAlias, type AliasMove } from '../../workers/registry/aliases.ts'
import { env } from './support.ts'

const [v1, v2, v3] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string]

const move = (alias: string, change: Partial<AliasMove> & Pick<AliasMove, 'from' | 'to' | 'fence'>) =>
  moveAlias(env.LINEAGE, {
    project: 'default',
    alias: `model:m@${alias}`,
    actor: 'test',
    runId: null,
    reason: 'test',
    at: 1,
    ...change,
  })

async function state(alias: string) {
  const row = await env.LINEAGE.prepare('SELECT version, fence FROM aliases WHERE alias = ?')
    .bind(alias)
    .first()
  const audit = await env.LINEAGE.prepare('SELECT count(*) AS n FROM audit_entries WHERE target = ?')
    .bind(`model:m@${alias}`)
    .first<{ n: number }>()
  return { ...row, audited: audit!.n }
}

test('an alias moves when it points where the mover believes, and each move is one audit entry', async () => {
  await move('plain', { from: null, to: v1, fence: 1 })
  await move('plain', { from: v1, to: v2, fence: 2 })
  expect(await state('plain')).toEqual({ version: v2, fence: 2, audited: 2 })
})

test('a mover that believes something else is told where the alias points, and nothing is written', async () => {
  await move('moved', { from: null, to: v1, fence: 1 })
  await expect(move('moved', { from: v2, to: v3, fence: 2 })).rejects.toThrow(/points at model:m@1111/)
  await expect(move('moved', { from: null, to: v3, fence: 3 })).rejects.toMatchObject({ code: 'alias.moved' })
  expect(await state('moved')).toEqual({ version: v1, fence: 1, audited: 1 })
})

test('a holder whose lock has lapsed is refused by its token, even when it still believes rightly', async () => {
  await move('fenced', { from: null, to: v1, fence: 5 })
  await expect(move('fenced', { from: v1, to: v2, fence: 4 })).rejects.toMatchObject({ code: 'fence.stale' })
  expect(await state('fenced')).toEqual({ version: v1, fence: 5, audited: 1 })
})

test('a move that is delivered twice is one move, also after others have moved on', async () => {
  await move('twice', { from: null, to: v1, fence: 1 })
  await move('twice', { from: v1, to: v2, fence: 2 })
  await move('twice', { from: v1, to: v2, fence: 2 })
  await move('twice', { from: v2, to: v3, fence: 3 })
  await move('twice', { from: v1, to: v2, fence: 2 })
  expect(await state('twice')).toEqual({ version: v3, fence: 3, audited: 3 })
})

test('of two movers at once with the same belief, one wins', async () => {
  await move('race', { from: null, to: v1, fence: 1 })
  const results = await Promise.allSettled([
    move('race', { from: v1, to: v2, fence: 2 }),
    move('race', { from: v1, to: v3, fence: 3 }),
  ])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect((await state('race')).audited).toBe(2)
})

test('an alias can be taken away, and a stale first move cannot bring it back', async () => {
  await move('gone', { from: null, to: v1, fence: 1 })
  await move('gone', { from: v1, to: null, fence: 2 })
  expect(await state('gone')).toEqual({ audited: 2 })
  await expect(move('gone', { from: null, to: v1, fence: 1 })).resolves.toBeUndefined()
  expect(await state('gone')).toEqual({ audited: 2 })
})

test.for(['audit_entries', 'verdicts', 'attestations', 'artifacts'])(
  'what is recorded in %s cannot be changed',
  async (table) => {
    const { results } = await env.LINEAGE.prepare(
      `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?`,
    )
      .bind(table)
      .all()
    expect(results.length).toBeGreaterThan(0)
    if (table !== 'audit_entries') return
    await expect(env.LINEAGE.prepare(`UPDATE ${table} SET actor = 'someone else'`).run()).rejects.toThrow(
      /append-only/,
    )
    await expect(env.LINEAGE.prepare(`DELETE FROM ${table}`).run()).rejects.toThrow(/append-only/)
  },
)
