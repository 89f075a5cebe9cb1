import { describe, expect, test } from 'vitest'
import { lineage } from '../../workers/lineage/db.ts'
import { registerArtifact } from '../../workers/registry/artifacts.ts'
import { gateEvidence } from '../../workers/stages/gate-evidence.ts'
import { deployed, hosted, inForce } from './deployments.ts'
import { stageContext } from './gate-context.ts'
import { rowsOf } from './gated-workflow.ts'
import { askJson, callsOf } from './gateway-routes.ts'
import { env } from './support.ts'

const hosts = (targets: { baseUrl: string }[]) => targets.map(({ baseUrl }) => new URL(baseUrl).hostname)
/** A change is in force everywhere within a second. */
const IN_FORCE = { timeout: 5_000 }
const saidBy = async (route: string, init?: Parameters<typeof askJson>[2]) =>
  (await askJson(route, {}, init)).body.choices?.[0]?.message.content
const versionsOf = async (route: string) =>
  (await rowsOf("SELECT version FROM artifacts WHERE kind = 'route' AND name = ?", route)).length

test('a canary stands beside production; deployed to all it stands first, with production behind it', async () => {
  const first = await deployed('steps', [hosted('steps', 'old')])
  const canary = await deployed('steps', [hosted('steps', 'new')], {
    canary: { share: 0, stickyBy: 'metadata:customer' },
    rules: [{ when: { tester: 'yes' }, model: 'new' }],
  })
  const beside = await inForce('steps')
  expect(hosts(beside.targets)).toEqual(['old.gw.test'])
  expect(beside.canary).toMatchObject({
    share: 0,
    stickyBy: 'metadata:customer',
    target: { model: canary.models[0] },
  })
  const tester = { headers: { 'x-sluice-metadata': '{"tester":"yes"}' } }
  await expect.poll(() => saidBy('steps', tester), IN_FORCE).toBe('new says three days')
  expect(await saidBy('steps')).toBe('old says three days')

  const all = await deployed('steps', [hosted('steps', 'new')])
  const spec = await inForce('steps')
  expect(hosts(spec.targets)).toEqual(['new.gw.test', 'old.gw.test'])
  expect([spec.canary, spec.rules, spec.previous]).toEqual([undefined, undefined, spec.targets[1]!.id])
  await expect.poll(() => saidBy('steps'), IN_FORCE).toBe('new says three days')
  expect(new Set([first.version, canary.version, all.version]).size).toBe(3)
  // The same once more is the same version, and no other target.
  const again = await deployed('steps', [hosted('steps', 'new')])
  expect(again.version).toBe(all.version)
})

test('everything that a route can do is written under `with`, and is what the route then is', async () => {
  const settings = {
    timeouts: { headersMs: 500, totalMs: 3_000 },
    retry: { sameTarget: 0, baseMs: 10, maxMs: 20 },
    breaker: { inARow: 3 },
    stickyBy: 'user' as const,
    commit: 'complete' as const,
    limits: { requestsPerMinute: 1_000, usdPerDay: 5 },
    cache: { ttlSeconds: 60 },
    bindPrompt: true,
  }
  const price = { inputPerMTok: 1, outputPerMTok: 2 }
  const { version, prompt } = await deployed(
    'whole',
    [
      hosted('whole', 'e500', { price }),
      hosted('whole', 'claude', { provider: 'anthropic', price, contextTokens: 200_000 }),
    ],
    { ...settings, weight: 1 },
    { prompt: 'Answer from {{knowledge}}' },
  )
  const spec = await inForce('whole')
  expect(spec).toMatchObject({ ...settings, prompt, promptTemplate: 'Answer from {{knowledge}}' })
  expect(spec.targets).toMatchObject([
    { weight: 1, price, servedModel: 'served-whole' },
    { provider: 'anthropic', price, contextTokens: 200_000 },
  ])
  const edges = await rowsOf('SELECT input FROM artifact_edges WHERE output = ?', version)
  expect(edges.map(({ input }) => input)).toEqual(
    expect.arrayContaining([prompt, ...spec.targets.map(({ model }) => model)]),
  )
})

test('a hosted Anthropic model steps in for one of another provider', async () => {
  await deployed('mixed', [hosted('mixed', 'e500'), hosted('mixed', 'claude', { provider: 'anthropic' })], {
    retry: { sameTarget: 0 },
  })
  await expect.poll(() => saidBy('mixed'), IN_FORCE).toBe('Three days.')
  const { header } = await askJson('mixed')
  expect(header('x-sluice-attempts')).toBe('2')
})

test('a shadow and a further target are named by an alias, and pinned', async () => {
  const { models } = await deployed('shadowed', [hosted('shadowed', 'good'), hosted('shadowed', 'aside')])
  const aside = models[1]!
  const version = aside.slice(aside.indexOf('@') + 1)
  await env.LINEAGE.prepare(
    "INSERT INTO aliases (project_id, kind, name, alias, version, fence, moved_at) VALUES ('default', 'model', 'shadowed-1', 'staging', ?, 1, 1)",
  )
    .bind(version)
    .run()
  await deployed('shadowed', [hosted('shadowed', 'good')], {
    shadow: { model: 'model:shadowed-1@staging', share: 1 },
  })
  expect((await inForce('shadowed')).shadow).toMatchObject({ share: 1, target: { model: aside } })
  const asked = async () => {
    await askJson('shadowed')
    return (await callsOf('shadowed', 'aside')).length
  }
  await expect.poll(asked, IN_FORCE).toBeGreaterThan(0)
})

describe('what does not fit is refused', () => {
  test('when the workflow is applied, where that can be seen from the settings alone', async () => {
    const refusals: [Parameters<typeof deployed>[2] & object, RegExp][] = [
      [{ repair: true }, /with\.repair: there is no answerSchema/],
      [{ timeouts: { headersMs: 9_000, totalMs: 5_000 } }, /with\.timeouts\.headersMs: 9000 ms is longer/],
      [{ retry: { sameTraget: 1 } as never }, /with\.retry: Unrecognized key: "sameTraget"/],
      [{ canary: { share: 1 } }, /with\.canary\.share: must be at most 0\.5/],
      [{ canary: { share: 0.1 }, weight: 2 }, /with\.weight: a canary takes its share/],
      [{ shadow: { model: 'prompt:p@production', share: 1 } }, /with\.shadow\.model: must be model:NAME/],
    ]
    for (const [settings, message] of refusals)
      await expect(deployed('refused', [hosted('refused', 'good')], settings)).rejects.toThrow(message)
  })

  test('when the stage runs, with every problem by its path, before anything is written', async () => {
    const good = hosted('closed', 'good')
    const lost = deployed('closed', [good], {
      targets: [{ model: 'model:nowhere@production' }],
      shadow: { model: `model:x@${'f'.repeat(64)}`, share: 1 },
    })
    await expect(lost).rejects.toThrow(
      /route\.invalid.*with\.targets\.0\.model: The alias model:nowhere@production points nowhere; name a version: GET [^;]*; with\.shadow\.model: There is no artifact/,
    )
    const alone = deployed('closed', [good], { hedgeMs: 100, limits: { usdPerDay: 1 } })
    await expect(alone).rejects.toThrow(
      /with\.hedgeMs: there is no second target to ask; inputs\.model\.price: without a price/,
    )
    const twice = deployed('closed', [good, { ...good, note: 'the same under another name' }])
    await expect(twice).rejects.toThrow(
      /with\.targets\.0\.model: it is the same endpoint, model and key as inputs\.model/,
    )
    const elsewhere = deployed('closed', [good], {
      rules: [{ when: { a: 'b' }, model: (await deployed('other', [hosted('other', 'good')])).models[0]! }],
    })
    await expect(elsewhere).rejects.toThrow(
      /with\.rules\.0\.model: model:other-0@.* is no target of the route/,
    )
    expect(await versionsOf('closed')).toBe(0)
  })

  test('a model whose secret was taken away is not deployed', async () => {
    const serving = { baseUrl: 'http://good.gw.test/v1', servedModel: 'keyless', secret: 'TAKEN_AWAY' }
    const version = 'e'.repeat(64)
    const model = await registerArtifact(lineage(env.LINEAGE), {
      project: 'default',
      kind: 'model',
      name: 'keyless',
      version,
      manifest: { serving },
      codeSha: 'x',
      createdBy: 'test',
      at: 1,
    })
    const run = deployed('keyless', [hosted('keyless', 'good')], { targets: [{ model }] })
    await expect(run).rejects.toThrow(/with\.targets\.0\.model\.secret: the secret TAKEN_AWAY is not set/)
  })
})

test('whether a rollback is possible is asked of the canary and of what answers everybody, of any provider', async () => {
  const before = await deployed('probed', [hosted('probed', 'good')])
  const canary = await deployed('probed', [hosted('probed', 'claude', { provider: 'anthropic' })], {
    canary: { share: 0.1 },
  })
  const context = stageContext('deploy', 'rollback-ready', {
    outputs: { route: canary.version, previous: before.version },
  })
  expect(await gateEvidence(env, 'rollback-ready', context)).toMatchObject({
    candidate: { answered: true, detail: '11 characters' },
    probe: { answered: true },
  })
  expect((await callsOf('probed', 'claude')).length).toBe(1)
  const dead = await deployed('probed', [hosted('probed', 'e500')], { canary: { share: 0.1 } })
  const failing = stageContext('deploy', 'rollback-ready', {
    outputs: { route: dead.version, previous: canary.version },
  })
  expect(await gateEvidence(env, 'rollback-ready', failing)).toMatchObject({
    candidate: { answered: false },
    probe: { answered: true },
  })
})

test('a canary is one change, and so is its deployment to all', async () => {
  const before = await deployed('single', [hosted('single', 'old')])
  const canary = await deployed('single', [hosted('single', 'new')], { canary: { share: 0.1 } })
  const all = await deployed('single', [hosted('single', 'new')])
  const changesOf = async (route: string, previous: string) => {
    const context = stageContext('deploy', 'single-change', { outputs: { route, previous } })
    const { candidate, production } = (await gateEvidence(env, 'single-change', context)) as Record<
      'candidate' | 'production',
      Record<string, string>
    >
    return Object.keys(candidate).filter((axis) => candidate[axis] !== production[axis])
  }
  expect(await changesOf(canary.version, before.version)).toEqual(['model'])
  expect(await changesOf(all.version, canary.version)).toEqual(['model'])
  const slower = await deployed('single', [hosted('single', 'new')], { timeouts: { totalMs: 90_000 } })
  expect(await changesOf(slower.version, all.version)).toEqual(['route'])
})
