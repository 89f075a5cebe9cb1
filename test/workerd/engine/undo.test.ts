import { expect, test } from 'vitest'
import { deploy } from '../../../workers/stages/deploy.ts'
import type { StageJob } from '../../../workers/stages/executor.ts'
import { promote } from '../../../workers/stages/promote.ts'
import { PROMPT, routeVersion, stageContext } from '../gate-context.ts'
import { rowsOf } from '../gated-workflow.ts'
import { env } from '../support.ts'
import { CANDIDATE, registerModel } from './promotion.ts'

const definition = { owner: 'sre', gates: [] }
const report = async () => {}
const lockOf = (target: string) => env.GATE_LOCK.getByName(`default/${target}`)

/** Takes the gate lock of a target for a stage; answers its token. */
async function tokenFor(target: string, runId: string, stage: string): Promise<number> {
  const answer = await lockOf(target).acquire({ runId, stage, attempt: 1 })
  if (!answer.held) throw new Error(`${target} is held by ${answer.heldBy}`)
  return answer.token
}

/** A deployment of a route version that its stage made while `previous` was live, about to commit. */
async function deployJob(runId: string, route: string, to: string, previous: string | null) {
  const fence = await tokenFor(`route:${route}`, runId, 'deploy')
  return {
    ...stageContext('deploy', 'rollback-ready', {
      runId,
      inputs: { model: `model:m@${CANDIDATE}`, prompt: PROMPT },
      outputs: { route: to, previous, fence },
    }),
    definition,
    params: { route },
    report,
    log: report,
  } as unknown as StageJob<'deploy'>
}
const release = (job: StageJob<'deploy'>) =>
  lockOf(`route:${job.params.route}`).release({ runId: job.run.runId, stage: 'deploy', attempt: 1 })

async function liveVersion(route: string): Promise<string | undefined> {
  const snapshot = await env.ROUTE_REGISTRY.getByName('default').snapshot()
  return snapshot!.routes.find((each) => each.route === route)?.version
}

/** Until it is opened, whoever passes waits. */
function gate(): { passed: Promise<void>; open: () => void; reached: Promise<void>; reach: () => void } {
  const [passing, reaching] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  return {
    passed: passing.promise,
    open: passing.resolve,
    reached: reaching.promise,
    reach: reaching.resolve,
  }
}

test('a promotion whose commit is on its way when it is undone comes too late', async () => {
  const model = await registerModel('overtaken')
  const target = 'model:overtaken@production'
  const job = {
    ...stageContext('promote', 'no-regression', {
      runId: 'run_overtaken',
      inputs: { model, evaluation: 'eval_1' },
      outputs: { model, production: null, fence: await tokenFor(target, 'run_overtaken', 'promote') },
    }),
    definition,
    params: { alias: 'production' },
    report,
    log: report,
  } as unknown as StageJob<'promote'>
  const held = gate()
  // The commit has looked at its lock, and its write is under way.
  const LINEAGE = new Proxy(env.LINEAGE, {
    get(database, property) {
      if (property !== 'batch') return Reflect.get(database, property).bind(database)
      return async (statements: D1PreparedStatement[]) => {
        held.reach()
        await held.passed
        return database.batch(statements)
      }
    },
  })
  const late = promote.commit!({ ...env, LINEAGE }, job)
  await held.reached
  expect(await promote.compensate!(env, job)).toMatch(/left as it is/)
  held.open()
  await expect(late).rejects.toMatchObject({ code: 'fence.stale' })
  expect(await rowsOf("SELECT version FROM aliases WHERE name = 'overtaken'")).toEqual([])
  expect(await rowsOf('SELECT action FROM audit_entries WHERE target = ?', target)).toEqual([
    { action: 'alias.fenced' },
  ])
  expect((await lockOf(target).inspect()).holders).toEqual([])
  // Whoever comes next is not kept out.
  await expect(promote.commit!(env, { ...job, ...(await heldAgain(job, target)) })).resolves.toBeUndefined()
  expect(await rowsOf("SELECT version FROM aliases WHERE name = 'overtaken'")).toEqual([
    { version: CANDIDATE },
  ])
})

async function heldAgain(job: StageJob<'promote'>, target: string): Promise<Partial<StageJob<'promote'>>> {
  const runId = `${job.run.runId}2`
  const fence = await tokenFor(target, runId, 'promote')
  return { run: { ...job.run, runId }, outputs: { ...job.outputs, fence } }
}

test('a deployment whose commit is on its way when it is undone comes too late', async () => {
  const to = await routeVersion('overtaken', [`model:m@${CANDIDATE}`])
  const job = await deployJob('run_deploy', 'overtaken', to, null)
  const held = gate()
  const ROUTE_REGISTRY = {
    getByName: (name: string) => {
      const registry = env.ROUTE_REGISTRY.getByName(name)
      return {
        snapshot: () => registry.snapshot(),
        activate: async (activation: Parameters<typeof registry.activate>[0]) => {
          held.reach()
          await held.passed
          return registry.activate(activation)
        },
      }
    },
  } as unknown as typeof env.ROUTE_REGISTRY
  const late = deploy.commit!({ ...env, ROUTE_REGISTRY }, job)
  await held.reached
  expect(await deploy.compensate!(env, job)).toMatch(/left as it is/)
  held.open()
  await expect(late).rejects.toMatchObject({ code: 'fence.stale' })
  expect(await liveVersion('overtaken')).toBeUndefined()
})

test('undoing a deployment that changed nothing, since the same was live, rolls nothing back', async () => {
  const [one, two] = [
    await routeVersion('same', [`model:m@${'1'.repeat(64)}`]),
    await routeVersion('same', [`model:m@${'2'.repeat(64)}`]),
  ]
  for (const [runId, to, before] of [
    ['run_one', one, null],
    ['run_two', two, one],
  ] as const) {
    const job = await deployJob(runId, 'same', to, before)
    await deploy.commit!(env, job)
    await release(job)
  }
  const again = await deployJob('run_again', 'same', two, two)
  await deploy.commit!(env, again)
  expect(await deploy.compensate!(env, again)).toMatch(/left as it is/)
  expect(await liveVersion('same')).toBe(two)
})

test('undoing a deployment leaves alone what another run has deployed since, though it is the same version', async () => {
  const [one, two] = [
    await routeVersion('shared', [`model:m@${'1'.repeat(64)}`]),
    await routeVersion('shared', [`model:m@${'2'.repeat(64)}`]),
  ]
  const first = await deployJob('run_first', 'shared', one, null)
  await deploy.commit!(env, first)
  await release(first)
  const mine = await deployJob('run_mine', 'shared', two, one)
  await deploy.commit!(env, mine)
  await release(mine)
  const theirs = await deployJob('run_theirs', 'shared', two, two)
  await deploy.commit!(env, theirs)
  await release(theirs)
  expect(await deploy.compensate!(env, mine)).toMatch(/left as it is/)
  expect(await liveVersion('shared')).toBe(two)
})

test('undoing a deployment that is live points the route back', async () => {
  const [one, two] = [
    await routeVersion('back', [`model:m@${'1'.repeat(64)}`]),
    await routeVersion('back', [`model:m@${'2'.repeat(64)}`]),
  ]
  const first = await deployJob('run_before', 'back', one, null)
  await deploy.commit!(env, first)
  await release(first)
  const mine = await deployJob('run_after', 'back', two, one)
  await deploy.commit!(env, mine)
  expect(await deploy.compensate!(env, mine)).toBe(`the route points at ${one} again`)
  expect(await liveVersion('back')).toBe(one)
  // What is delivered again after it was undone changes nothing.
  await expect(deploy.commit!(env, mine)).rejects.toMatchObject({ code: 'fence.stale' })
  expect(await liveVersion('back')).toBe(one)
})

test.for([
  ['the older first', ['run_a', 'run_b']],
  ['the newer first', ['run_b', 'run_a']],
] as const)(
  'two deployments on top of each other are undone, %s: neither is left in production',
  async ([name, order]) => {
    const route = name.replaceAll(' ', '-')
    const versions = await Promise.all(
      ['1', '2', '3'].map((digit) => routeVersion(route, [`model:m@${digit.repeat(64)}`])),
    )
    const jobs: Record<string, StageJob<'deploy'>> = {}
    for (const [index, runId] of ['run_before', 'run_a', 'run_b'].entries()) {
      const job = await deployJob(runId, route, versions[index]!, versions[index - 1] ?? null)
      await deploy.commit!(env, job)
      await release(job)
      jobs[runId] = job
    }
    for (const runId of order) await deploy.compensate!(env, jobs[runId]!)
    expect(await liveVersion(route)).toBe(versions[0])
    // Nor does a person's rollback lead to one that was undone.
    const snapshot = await env.ROUTE_REGISTRY.getByName('default').snapshot()
    expect(snapshot!.routes.find((active) => active.route === route)!.previous).toBeNull()
  },
)

test.for([
  ['older-first', ['run_a', 'run_b']],
  ['newer-first', ['run_b', 'run_a']],
] as const)(
  'two promotions on top of each other are undone, %s: neither is left in production',
  async ([name, order]) => {
    const target = `model:${name}@production`
    const version = (digit: string) => digit.repeat(64)
    const jobs: Record<string, StageJob<'promote'>> = {}
    let production: string | null = null
    for (const [index, runId] of ['run_before', 'run_a', 'run_b'].entries()) {
      const model = `model:${name}@${version(String(index + 1))}`
      const own = `${runId}_${name}`
      const job = {
        ...stageContext('promote', 'no-regression', {
          runId: own,
          inputs: { model, evaluation: 'eval_1' },
          outputs: { model, production, fence: await tokenFor(target, own, 'promote') },
        }),
        definition,
        params: { alias: 'production' },
        report,
        log: report,
      } as unknown as StageJob<'promote'>
      await promote.commit!(env, job)
      await lockOf(target).release({ runId: own, stage: 'promote', attempt: 1 })
      jobs[runId] = job
      production = model
    }
    for (const runId of order) await promote.compensate!(env, jobs[runId]!)
    expect(await rowsOf('SELECT version FROM aliases WHERE name = ?', name)).toEqual([
      { version: version('1') },
    ])
  },
)
