import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env as bound } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { GateLock } from '../../durable-objects/gate-lock.ts'
import { env } from './support.ts'
import { trainingRun } from './training-run.ts'

const namespace = (bound as unknown as { GATE_LOCK: DurableObjectNamespace<GateLock> }).GATE_LOCK
const holder = (name: string) => ({ runId: `run_${name}`, stage: 'promote', attempt: 1 })

test('the first holds, the others wait in order, and tokens grow', async () => {
  const lock = env.GATE_LOCK.getByName('fifo')
  expect(await lock.acquire(holder('a'))).toEqual({ held: true, token: 1 })
  expect(await lock.acquire(holder('b'))).toEqual({ held: false, position: 1, heldBy: 'run_a/promote/1' })
  expect(await lock.acquire(holder('c'))).toMatchObject({ held: false, position: 2 })
  expect(await lock.acquire(holder('a'))).toEqual({ held: true, token: 1 })
  await lock.release(holder('a'))
  expect(await lock.acquire(holder('b'))).toEqual({ held: true, token: 2 })
  expect(await lock.acquire(holder('c'))).toMatchObject({ held: false, position: 1 })
})

test('a holder that gives no sign of life loses its place by the alarm', async () => {
  const stub = namespace.getByName('lapse')
  const lock = env.GATE_LOCK.getByName('lapse')
  await lock.acquire(holder('dead'))
  await lock.acquire(holder('next'))
  await runInDurableObject(stub, (_object, state) => {
    const { fence, entries } = state.storage.kv.get<{
      fence: number
      entries: { holder: string; leaseUntil: number }[]
    }>('lock')!
    const lapsed = entries.map((entry) =>
      entry.holder.startsWith('run_dead') ? { ...entry, leaseUntil: 0 } : entry,
    )
    state.storage.kv.put('lock', { fence, entries: lapsed })
  })
  expect(await runDurableObjectAlarm(stub)).toBe(true)
  expect(await lock.inspect()).toEqual({ fence: 2, holders: ['run_next/promote/1'] })
  expect(await lock.renew(holder('dead'))).toBe(false)
})

test('a person takes the lock at once, and it outlives an eviction', async () => {
  const lock = env.GATE_LOCK.getByName('urgent')
  await lock.acquire(holder('slow'))
  await lock.acquire(holder('waiting'))
  expect(await lock.preempt('key_sre')).toEqual({ token: 2 })
  await evictDurableObject(namespace.getByName('urgent'))
  expect(await lock.inspect()).toEqual({ fence: 2, holders: ['key_sre', 'run_waiting/promote/1'] })
  await lock.release('key_sre')
  expect(await lock.acquire(holder('waiting'))).toEqual({ held: true, token: 3 })
})

test('a grant wakes the run that waits for it, once', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_patient')
  await run.create(await trainingRun('run_patient'))
  const patient = { runId: 'run_patient', stage: 'train', attempt: 1 }
  await run.report([
    {
      dedupeKey: 'waits',
      event: { type: 'stage.waiting', stage: 'train', attempt: 1, waitingFor: 'the gate lock' },
    },
  ])
  const lock = env.GATE_LOCK.getByName('wakes')
  await lock.acquire(holder('first'))
  expect(await lock.acquire(patient)).toMatchObject({ held: false })
  await lock.release(holder('first'))
  const grants = async () =>
    (await run.events(0))
      .filter(({ event }) => event.type === 'stage.resumed')
      .map(({ dedupeKey }) => dedupeKey)
  await expect.poll(grants).toEqual(['lock:train:1:2'])
  expect((await run.describe())!.state.stages.train!.waitingFor).toBeUndefined()
  // Neither another alarm nor a sign of life is another grant.
  await lock.renew(patient)
  await runDurableObjectAlarm(namespace.getByName('wakes'))
  expect(await grants()).toEqual(['lock:train:1:2'])
  expect(await lock.acquire(patient)).toEqual({ held: true, token: 2 })
})

test('who was pushed aside holds nothing any more, whatever it believes', async () => {
  const lock = env.GATE_LOCK.getByName('pushed')
  await lock.acquire(holder('slow'))
  expect(await lock.holds(holder('slow'), 1)).toBe(true)
  const { token } = await lock.preempt('key_sre')
  expect(await lock.holds(holder('slow'), 1)).toBe(false)
  expect(await lock.renew(holder('slow'))).toBe(false)
  // Giving back what it has lost takes nothing from the new holder.
  await lock.release(holder('slow'))
  expect(await lock.inspect()).toEqual({ fence: token, holders: ['key_sre'] })
})
