import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inspect } from '../../domain/workflow/lint.ts'
import { drafted } from '../../domain/workflow/sound.fixture.ts'
import { answering, folderWith, sluice } from './cli.fixture.ts'

const DEFINE = JSON.stringify(resolve(import.meta.dirname, '../../domain/workflow/define.ts'))
const module = (body: string) => `import { defineWorkflow } from ${DEFINE}\n${body}`
const draft = (change?: Parameters<typeof drafted>[0]) => JSON.stringify(drafted(change))
const noRollback = draft((w) => w.stages.deploy.gates.pop())
const noOwner = draft((w) => delete w.stages.train.owner)

/** A folder whose files are committed. */
function repository(files: Record<string, string>): { folder: string; sha: string } {
  const folder = folderWith(files)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
  git('init', '-q')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
  return { folder, sha: git('rev-parse', 'HEAD').trim() }
}

describe('lint', () => {
  test('a committed workflow with nothing to complain of: 0', async () => {
    const { folder } = repository({
      'workflow.json': draft(),
      'workflow.ts': module(`export default defineWorkflow(${draft()})`),
      'named.ts': module(`export const many = 3\nexport const workflow: object = defineWorkflow(${draft()})`),
    })
    for (const file of ['workflow.json', 'workflow.ts', 'named.ts']) {
      const { code, out, err } = await sluice(['lint', join(folder, file)])
      expect([file, code, out, err]).toEqual([file, 0, '0 errors, 0 warnings\n', ''])
    }
  })

  test('a warning is told with its code, place, reason and fix, and counts with --strict', async () => {
    const { folder } = repository({ 'w.json': noRollback })
    const { code, out } = await sluice(['lint', join(folder, 'w.json')])
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'warning no-rollback at stages.deploy.gates',
        '  nothing checks that the version before still answers, to be rolled back to',
        '  fix: Add a `rollback-ready` gate to the deployment.',
        '0 errors, 1 warning',
        '',
      ].join('\n'),
    )
    expect((await sluice(['lint', '--strict', join(folder, 'w.json')])).code).toBe(1)
  })

  test('what is refused: 1, also when it is defineWorkflow that refuses it', async () => {
    const folder = folderWith({
      'w.json': noOwner,
      'w.ts': module(`export default defineWorkflow(${noOwner})`),
    })
    for (const file of ['w.json', 'w.ts']) {
      const { code, out } = await sluice(['lint', '--json', join(folder, file)])
      expect(code).toBe(1)
      const { findings } = JSON.parse(out) as { findings: { code: string; at: string }[] }
      expect(findings.map((each) => [each.code, each.at])).toEqual([
        ['no-owner', 'stages.train.owner'],
        ['not-in-code', join(folder, file)],
      ])
    }
  })

  test('changes that are in no commit are said', async () => {
    const { folder, sha } = repository({ 'w.json': draft() })
    writeFileSync(join(folder, 'w.json'), noRollback)
    const { out } = await sluice(['lint', join(folder, 'w.json')])
    expect(out).toContain(
      `changes that are not in the commit ${sha.slice(0, 7)}\n  fix: Commit the changes first.`,
    )
  })

  test.for([
    ['missing.json', /There is no file .*missing\.json/],
    ['broken.json', /broken\.json is not JSON/],
    ['broken.ts', /broken\.ts could not be imported/],
    ['function.ts', /exports no workflow; it exports make \(a function\)/],
    ['two.ts', /exports several workflows: choose one of a, b by --export/],
    ['notes.md', /is neither \.ts, \.js nor \.json/],
  ] as const)('%s gives no workflow: 2, and no stack trace', async ([file, message]) => {
    const folder = folderWith({
      'broken.json': '{',
      'broken.ts': 'throw new Error("no")',
      'function.ts': 'export const make = () => ({})',
      'two.ts': `export const a = ${draft()}\nexport const b = a`,
      'notes.md': '',
    })
    const { code, out, err } = await sluice(['lint', join(folder, file)])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err).not.toMatch(/\n\s+at /)
    if (file === 'two.ts') expect((await sluice(['lint', join(folder, file), '--export', 'b'])).code).toBe(0)
  })
})

const stored = {
  workflow: 'sound',
  version: '1'.repeat(64),
  gitSha: 'a'.repeat(40),
  author: 'key_1',
  createdAt: 1,
}

describe('apply', () => {
  test('sends the definition with its commit, and tells what got weaker', async () => {
    const { folder, sha } = repository({ 'w.json': draft() })
    const margin = {
      at: 'stages.promote.gates.no-regression.margin',
      kind: 'changed',
      before: 0.02,
      after: 0.03,
      weaker: true,
      reason: 'it was raised, and more gets through',
      stage: 'promote',
      gate: 'no-regression',
    }
    const body = { ...stored, warnings: [], changes: [margin], weaker: 1 }
    const { asked, env } = await answering({ 'POST /api/v1/workflows': { status: 201, body } })
    const { code, out, err } = await sluice(['apply', join(folder, 'w.json')], env)
    expect([code, err]).toEqual([0, ''])
    expect(asked).toEqual([
      {
        method: 'POST',
        path: `/api/v1/workflows?gitSha=${sha}`,
        authorization: 'Bearer sk_test',
        idempotencyKey: undefined,
        body: drafted(),
      },
    ])
    expect(out).toContain('sound is at version 111111111111, commit aaaaaaa')
    expect(out).toContain(
      'weaker  stages.promote.gates.no-regression.margin went from 0.02 to 0.03: it was raised',
    )
    writeFileSync(join(folder, 'w.json'), noRollback)
    const dirty = await sluice(['apply', join(folder, 'w.json'), '--json'], env)
    expect(dirty.err).toContain(`changes that are not in the commit ${sha.slice(0, 7)}, which is recorded`)
    expect(JSON.parse(dirty.out)).toEqual(body)
  })

  test('a refusal is told finding by finding: 1', async () => {
    const folder = folderWith({ 'w.json': noOwner })
    const { findings } = inspect(JSON.parse(noOwner))
    const problem = { code: 'workflow.invalid', detail: 'x', findings }
    const { asked, env } = await answering({ 'POST /api/v1/workflows': { status: 422, body: problem } })
    const { code, out } = await sluice(['apply', join(folder, 'w.json')], env)
    expect(code).toBe(1)
    expect(out).toContain(
      'error no-owner at stages.train.owner\n  a stage needs an owner\n  fix: Set `owner`',
    )
    expect(asked[0]!.path).toBe('/api/v1/workflows')
  })

  test('other refusals by code and detail: 1; no server and no key: 2', async () => {
    const folder = folderWith({ 'w.json': draft() })
    const problem = { code: 'scope.missing', detail: 'This needs run' }
    const { env } = await answering({ 'POST /api/v1/workflows': { status: 403, body: problem } })
    const file = join(folder, 'w.json')
    expect(await sluice(['apply', file], env)).toEqual({
      code: 1,
      out: '',
      err: 'scope.missing: This needs run\n',
    })
    const asJson = await sluice(['apply', file, '--json'], env)
    expect([asJson.code, JSON.parse(asJson.out)]).toEqual([1, { error: problem }])
    const nobody = await sluice(['apply', file, '--url', 'http://127.0.0.1:9', '--key', 'k'])
    expect(nobody.code).toBe(2)
    expect(nobody.err).toMatch(/^unreachable: .+\n$/)
    expect(await sluice(['apply', file])).toEqual({
      code: 2,
      out: '',
      err: 'key.missing: No API key: set SLUICE_KEY or give --key\n',
    })
  })
})

describe('diff', () => {
  test('against the current version; weaker is an error only where it is asked to be', async () => {
    const folder = folderWith({ 'w.json': noRollback, 'same.json': draft(), 'bad.json': noOwner })
    const { definition } = inspect(drafted())
    const { asked, env } = await answering({
      'GET /api/v1/workflows/sound': { status: 200, body: { versions: [{ ...stored, definition }] } },
    })
    const weaker = await sluice(['diff', join(folder, 'w.json')], env)
    expect(weaker.code).toBe(0)
    expect(weaker.out).toContain('weaker  stages.deploy.gates.rollback-ready is gone')
    expect(asked[0]!.path).toBe('/api/v1/workflows/sound?limit=1')
    expect((await sluice(['diff', join(folder, 'w.json'), '--fail-on-weaker'], env)).code).toBe(1)
    const same = await sluice(['diff', join(folder, 'same.json'), '--fail-on-weaker', '--json'], env)
    expect([same.code, JSON.parse(same.out)]).toEqual([0, { from: stored.version, changes: [], weaker: 0 }])
    expect((await sluice(['diff', join(folder, 'bad.json')], env)).code).toBe(1)
  })

  test('a workflow that is not there yet is new', async () => {
    const folder = folderWith({ 'w.json': draft() })
    const { env } = await answering({
      'GET /api/v1/workflows/sound': { status: 200, body: { versions: [] } },
    })
    const { code, out } = await sluice(['diff', join(folder, 'w.json'), '--fail-on-weaker'], env)
    expect([code, out]).toEqual([0, 'sound has no version yet: all of it is new\n'])
  })
})

test('schema prints a schema that says what it is', async () => {
  const { code, out } = await sluice(['schema'])
  expect([code, JSON.parse(out)]).toMatchObject([0, { title: 'Sluice workflow' }])
})
