import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env as bound } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { expire, position, release, renew, request, type SlotHolder } from '../../domain/pool/slots.ts'
import { MemoryTable } from '../../domain/pool/table.fixture.ts'
import type { RunRecord } from '../../domain/workflow/plan.ts'
import type { SlotPool } from '../../durable-objects/slot-pool.ts'
import { SlotStore } from '../../durable-objects/slot-store.ts'
import { poolSlots, slotFor } from '../../workers/stages/slot.ts'
import { env } from './support.ts'
import { trainingRun as record } from './training-run.ts'

const trainingRun = async (runId: string): Promise<RunRecord> => ({
  ...(await record(runId)),
  cause: { by: 'request' },
  priority: 0,
  force: [],
})

const namespace = (bound as unknown as { SLOT_POOL: DurableObjectNamespace<SlotPool> }).SLOT_POOL
const holder = (name: string, project = 'a', priority = 0): SlotHolder => ({
  project,
  runId: `run_${name}`,
  priority,
  stage: 'train',
  attempt: 1,
})

async function names(pool: string): Promise<{ granted: string[]; waiting: string[] }> {
  const { granted, waiting } = await env.SLOT_POOL.getByName(pool).inspect()
  const nameOf = ({ runId }: SlotHolder) => runId.slice('run_'.length)
  return { granted: granted.map(nameOf), waiting: waiting.map(nameOf) }
}

/** The lease of a run that gives no sign of life any more runs out, this long ago. */
async function lapse(pool: string, runId: string, ago = 1): Promise<void> {
  const stub = namespace.getByName(pool)
  await runInDurableObject(stub, (_object, { storage }) => {
    storage.sql.exec('UPDATE entry SET lease_until = ? WHERE run_id = ?', Date.now() - ago, runId)
  })
  expect(await runDurableObjectAlarm(stub)).toBe(true)
}

test('there are as many holders as slots; the others are told their place, and asking again keeps it', async () => {
  const pool = env.SLOT_POOL.getByName('pool/places')
  expect(await pool.acquire(holder('1'), 2)).toEqual({ held: true })
  expect(await pool.acquire(holder('2'), 2)).toEqual({ held: true })
  expect(await pool.acquire(holder('3'), 2)).toEqual({ held: false, position: 1, waiting: 1 })
  expect(await pool.acquire(holder('4'), 2)).toEqual({ held: false, position: 2, waiting: 2 })
  expect(await pool.acquire(holder('3'), 2)).toEqual({ held: false, position: 1, waiting: 2 })
  expect(await pool.acquire(holder('1'), 2)).toEqual({ held: true })
  await pool.release(holder('2'))
  await pool.release(holder('nobody'))
  expect(await names('pool/places')).toEqual({ granted: ['1', '3'], waiting: ['4'] })
  expect(await pool.acquire(holder('3'), 2)).toEqual({ held: true })
  const { slots, granted } = await pool.inspect()
  expect({ slots, first: granted[0] }).toEqual({
    slots: 2,
    first: { ...holder('1'), since: expect.any(Number) as number },
  })
})

test('projects take turns, and within one the higher priority goes first', async () => {
  const pool = env.SLOT_POOL.getByName('pool/fair')
  for (const name of ['a1', 'a2', 'a3', 'a4']) await pool.acquire(holder(name, 'a'), 1)
  await pool.acquire(holder('a5', 'a', 7), 1)
  expect(await pool.acquire(holder('b1', 'b'), 1)).toEqual({ held: false, position: 1, waiting: 5 })
  expect(await pool.acquire(holder('b2', 'b'), 1)).toEqual({ held: false, position: 3, waiting: 6 })
  const order = ['a1', 'b1', 'a5', 'b2', 'a2', 'a3', 'a4']
  expect(await names('pool/fair')).toEqual({ granted: ['a1'], waiting: order.slice(1) })
  for (const name of order) {
    expect((await names('pool/fair')).granted).toEqual([name])
    await pool.release(holder(name))
  }
  expect(await names('pool/fair')).toEqual({ granted: [], waiting: [] })
})

test('a smaller capacity takes a slot from nobody, a larger one lets in who waits', async () => {
  const pool = env.SLOT_POOL.getByName('pool/resized')
  for (const name of ['1', '2', '3', '4']) await pool.acquire(holder(name), 2)
  await pool.acquire(holder('3'), 1)
  expect((await names('pool/resized')).granted).toEqual(['1', '2'])
  await pool.release(holder('1'))
  expect((await names('pool/resized')).granted).toEqual(['2'])
  expect(await pool.acquire(holder('4'), 3)).toEqual({ held: true })
  expect(await names('pool/resized')).toEqual({ granted: ['2', '3', '4'], waiting: [] })
})

test('a slot of a run that gives no sign of life goes to the next, by the alarm', async () => {
  const pool = env.SLOT_POOL.getByName('pool/lapse')
  await pool.acquire(holder('dead'), 1)
  await pool.acquire(holder('next'), 1)
  await lapse('pool/lapse', 'run_dead')
  expect(await names('pool/lapse')).toEqual({ granted: ['next'], waiting: [] })
  expect(await pool.renew(holder('dead'))).toBe(false)
  expect(await pool.renew(holder('next'))).toBe(true)
})

test('a lease that nobody judged in time is given once more: nothing ran, so nobody could renew', async () => {
  const pool = env.SLOT_POOL.getByName('pool/outage')
  await pool.acquire(holder('holds'), 1)
  await pool.acquire(holder('waits'), 1)
  await lapse('pool/outage', 'run_holds', 3_600_000)
  expect(await names('pool/outage')).toEqual({ granted: ['holds'], waiting: ['waits'] })
  await lapse('pool/outage', 'run_holds')
  expect(await names('pool/outage')).toEqual({ granted: ['waits'], waiting: [] })
})

test('an evicted pool has lost neither holder nor place, and still lets go of who is dead', async () => {
  const pool = env.SLOT_POOL.getByName('pool/evicted')
  for (const name of ['1', '2', '3']) await pool.acquire(holder(name), 1)
  await evictDurableObject(namespace.getByName('pool/evicted'))
  expect(await names('pool/evicted')).toEqual({ granted: ['1'], waiting: ['2', '3'] })
  expect(await pool.acquire(holder('3'), 1)).toEqual({ held: false, position: 2, waiting: 2 })
  await evictDurableObject(namespace.getByName('pool/evicted'))
  await lapse('pool/evicted', 'run_1')
  expect(await names('pool/evicted')).toEqual({ granted: ['2'], waiting: ['3'] })
})

const resumed = async (runId: string) =>
  (await env.WORKFLOW_RUN.getByName(runId).events(0))
    .filter(({ event }) => event.type === 'stage.resumed')
    .map(({ dedupeKey }) => dedupeKey)

test('a stage that waits for a slot is woken when it gets it, once', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_patient')
  await run.create(await trainingRun('run_patient'))
  const waiting = { type: 'stage.waiting', stage: 'train', attempt: 1, waitingFor: 'a slot' } as const
  await run.report([{ dedupeKey: 'waits', event: waiting }])
  const pool = env.SLOT_POOL.getByName('pool/wakes')
  await pool.acquire(holder('first'), 1)
  expect(await pool.acquire(holder('patient', 'default'), 1)).toMatchObject({ held: false })
  await pool.release(holder('first'))
  await expect.poll(() => resumed('run_patient')).toEqual(['slot:train:1:pool/wakes:2'])
  expect((await run.describe())!.state.stages.train!.waitingFor).toBeUndefined()
  await pool.renew(holder('patient', 'default'))
  await evictDurableObject(namespace.getByName('pool/wakes'))
  await runDurableObjectAlarm(namespace.getByName('pool/wakes'))
  expect(await resumed('run_patient')).toHaveLength(1)
  expect(await pool.acquire(holder('patient', 'default'), 1)).toEqual({ held: true })
})

test('a notice that did not arrive is given again, also after an eviction', async () => {
  const pool = env.SLOT_POOL.getByName('pool/deaf')
  await pool.acquire(holder('first'), 1)
  await pool.acquire(holder('unborn', 'default'), 1)
  await pool.release(holder('first'))
  await runDurableObjectAlarm(namespace.getByName('pool/deaf'))
  await evictDurableObject(namespace.getByName('pool/deaf'))
  // Renewing is no sign of having been told.
  expect(await pool.renew(holder('unborn', 'default'))).toBe(true)
  const run = env.WORKFLOW_RUN.getByName('run_unborn')
  await run.create(await trainingRun('run_unborn'))
  await expect.poll(() => resumed('run_unborn'), { timeout: 5_000 }).toEqual(['slot:train:1:pool/deaf:2'])
})

test('a run that waits for a slot of its workflow starts when it gets it', async () => {
  const record = await trainingRun('run_queued')
  const definition = { ...record.definition, concurrency: 1 }
  const run = env.WORKFLOW_RUN.getByName('run_queued')
  const pool = env.SLOT_POOL.getByName('workflow/default/one')
  const first = { project: 'default', runId: 'run_first', priority: 0 }
  await pool.acquire(first, 1)
  await run.create({ ...record, definition })
  await pool.acquire({ project: 'default', runId: 'run_queued', priority: 0 }, 1)
  expect((await run.describe())!.state.status).toBe('queued')
  await pool.release(first)
  const status = async () => (await run.describe())!.state.status
  await expect.poll(status, { timeout: 5_000 }).toBe('running')
})

test('a thousand requests are queued, renewed and given back in bounded time', async () => {
  const pool = env.SLOT_POOL.getByName('pool/crowd')
  const crowd = Array.from({ length: 1_000 }, (_, n) => holder(`c${n}`, `p${n % 20}`))
  const forAll = async <T>(holders: SlotHolder[], act: (who: SlotHolder) => Promise<T>): Promise<T[]> => {
    const answers: T[] = []
    for (let n = 0; n < holders.length; n += 50)
      answers.push(...(await Promise.all(holders.slice(n, n + 50).map(act))))
    return answers
  }
  const answers = await forAll(crowd, (each) => pool.acquire(each, 10))
  expect(answers.filter((answer) => answer.held)).toHaveLength(10)
  expect(await pool.acquire(crowd[999]!, 10)).toEqual({ held: false, position: 990, waiting: 990 })
  expect(new Set(await forAll(crowd, (each) => pool.renew(each)))).toEqual(new Set([true]))
  // From the end, so that no slot goes to a run that is not there to be told.
  await forAll(crowd.toReversed(), (each) => pool.release(each))
  expect(await names('pool/crowd')).toEqual({ granted: [], waiting: [] })
}, 60_000)

test('the table in SQLite does what the one in memory does', async () => {
  await runInDurableObject(namespace.getByName('pool/model'), (_object, { storage }) => {
    const [stored, memory] = [new SlotStore(storage), new MemoryTable()]
    let seed = 7
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let step = 0, now = 0; step < 1_500; step++, now += random(3_000)) {
      const n = random(24)
      const who = holder(`${n}`, `p${n % 4}`, n % 3)
      const key = `${who.runId}/train/1`
      const [kind, slots] = [random(6), 1 + random(4)]
      const act = (table: SlotStore | MemoryTable) => {
        if (kind < 3) return request(table, who, { slots, at: now, leaseUntil: now + 60_000 })
        if (kind === 3) return release(table, key)
        if (kind === 4) return expire(table, now, now + 60_000)
        return renew(table, key, now + 60_000)
      }
      expect(act(stored)).toEqual(act(memory))
      expect(position(stored, key)).toBe(position(memory, key))
    }
    expect(stored.all().length).toBeGreaterThan(5)
    expect(stored.shares()).toEqual(memory.shares().toSorted((a, b) => (a.project < b.project ? -1 : 1)))
  })
})

test('the capacity is read from POOLS, and what is wrong there is named', () => {
  expect(poolSlots({ POOLS: '{"gpu": 2, "cpu": 0}' }, 'cpu')).toBe(0)
  const refusal = (POOLS: string) => {
    try {
      return poolSlots({ POOLS }, 'gpu')
    } catch (error) {
      const { code, message } = error as { code: string; message: string }
      return `${code}: ${message}`
    }
  }
  expect(refusal('{"cpu": 8, "tpu": 1}')).toBe('not.found: There is no pool gpu; POOLS has: cpu, tpu')
  expect(refusal('{}')).toBe('not.found: There is no pool gpu; POOLS has: none')
  expect(refusal('gpu=2')).toMatch(/^config.invalid: POOLS must be a JSON object .* such as \{"gpu": 2\}$/)
  expect(refusal('{"gpu": "two"}')).toMatch(/^config.invalid: POOLS must .*\(gpu: .*expected number/)
  expect(refusal('{"gpu": 1.5}')).toMatch(/^config.invalid: .*\(gpu: /)
  expect(refusal('{"gpu": -1}')).toMatch(/^config.invalid: .*\(gpu: .*>=0/)
})

test('a stage that has to wait is told for which pool, and the run keeps its place', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_asks')
  await run.create(await trainingRun('run_asks'))
  const pools = { ...env, POOLS: '{"gpu": 1}' }
  const pool = env.SLOT_POOL.getByName('pool/gpu')
  await pool.acquire(holder('first'), 1)
  const job = (await run.context('train', 1))!
  expect(await slotFor(pools, job, 'gpu')).toEqual({
    held: false,
    waitingFor: 'a slot of the pool gpu, place 1 of 1',
  })
  expect((await run.describe())!.leases).toMatchObject([
    { kind: 'slot', target: 'pool/gpu', stage: 'train', attempt: 1 },
  ])
  await pool.release(holder('first'))
  expect(await slotFor(pools, job, 'gpu')).toEqual({ held: true })
})
