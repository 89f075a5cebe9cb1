import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env as bound } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { GateLock } from '../../durable-objects/gate-lock.ts'
import { env } from './support.ts'

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
