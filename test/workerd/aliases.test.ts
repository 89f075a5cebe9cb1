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

test('of two movers under one token, one wins; the same move sent twice at once is one', async () => {
  await move('shared', { from: null, to: v1, fence: 1 })
  const results = await Promise.allSettled([
    move('shared', { from: v1, to: v2, fence: 2 }),
    move('shared', { from: v1, to: v3, fence: 2 }),
  ])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect((await state('shared')).audited).toBe(2)

  await move('doubled', { from: null, to: v1, fence: 1 })
  const again = { from: v1, to: v2, fence: 2 }
  await Promise.all([move('doubled', again), move('doubled', again), move('doubled', again)])
  expect(await state('doubled')).toEqual({ version: v2, fence: 2, audited: 2 })
})

test('a token is good for one move: a move that comes back under it is not made behind the audit log', async () => {
  await move('back', { from: null, to: v1, fence: 1 })
  await move('back', { from: v1, to: v2, fence: 2 })
  await expect(move('back', { from: v2, to: v1, fence: 2 })).rejects.toMatchObject({ code: 'fence.stale' })
  await move('back', { from: v1, to: v2, fence: 2 })
  expect(await state('back')).toEqual({ version: v2, fence: 2, audited: 2 })
})

test('an alias can be taken away, and a stale first move cannot bring it back', async () => {
  await move('gone', { from: null, to: v1, fence: 1 })
  await move('gone', { from: v1, to: null, fence: 2 })
  expect(await state('gone')).toEqual({ audited: 2 })
  await expect(move('gone', { from: null, to: v1, fence: 1 })).resolves.toBeUndefined()
  await expect(move('gone', { from: null, to: v2, fence: 1 })).rejects.toMatchObject({
    code: 'fence.stale',
    message: 'model:m@gone was moved under token 2; token 1 is not younger',
  })
  expect(await state('gone')).toEqual({ audited: 2 })
})

/** A row of each append-only table, and a column that someone might want to better later. */
const APPEND_ONLY: Record<string, { column: string; insert: string }> = {
  audit_entries: {
    column: 'actor',
    insert: `(audit_id, project_id, action, target, actor, reason, at)
      VALUES ('a1', 'default', 'alias.moved', 't', 'someone', 'r', 1)`,
  },
  verdicts: {
    column: 'verdict',
    insert: `(verdict_id, project_id, run_id, stage, attempt, gate, verdict, blocks, sentence, params, evidence, at)
      VALUES ('v1', 'default', 'run_1', 's', 1, 'g', 'failed', 1, 's', '{}', '{}', 1)`,
  },
  attestations: {
    column: 'sha256',
    insert: `(attestation_id, project_id, subject, predicate_type, statement, sha256, run_id, created_at)
      VALUES ('att_1', 'default', 'dataset:d', 'p', '{}', 'h', 'run_1', 1)`,
  },
  artifacts: {
    column: 'manifest',
    insert: `(project_id, kind, name, version, manifest, code_sha, created_by, created_at)
      VALUES ('default', 'model', 'm', 'v', '{}', 'x', 'test', 1)`,
  },
}

test.for(Object.entries(APPEND_ONLY))(
  'what is recorded in %s cannot be changed',
  async ([table, { column, insert }]) => {
    await env.LINEAGE.prepare(`INSERT INTO ${table} ${insert}`).run()
    const before = await env.LINEAGE.prepare(`SELECT * FROM ${table}`).all()
    const update = env.LINEAGE.prepare(`UPDATE ${table} SET ${column} = 'better'`).run()
    await expect(update).rejects.toThrow(/append-only|immutable/)
    if (table === 'audit_entries' || table === 'verdicts')
      await expect(env.LINEAGE.prepare(`DELETE FROM ${table}`).run()).rejects.toThrow(/append-only/)
    expect((await env.LINEAGE.prepare(`SELECT * FROM ${table}`).all()).results).toEqual(before.results)
  },
)
