import { verdict, type Check } from './check.ts'

interface StoredLock {
  fence: number
  entries: { holder: string }[]
}

export const noLockHeld: Check = ({ state }) => {
  const locks = state.values('GateLock', 'lock') as StoredLock[]
  const held = locks.flatMap(({ entries }) => entries.map(({ holder }) => `held by ${holder}`))
  const kept = state
    .objects('WorkflowRun', 'SELECT kind, target, stage FROM lease')
    .map((row) => `a run keeps the ${String(row.kind)} ${String(row.target)} for ${String(row.stage)}`)
  return verdict(locks.length, 'gate locks', 'are free', [...held, ...kept])
}

export const noSlotHeld: Check = ({ state }) => {
  const pools = state.values('SlotPool', 'totals')
  const held = state.objects('SlotPool', 'SELECT key, granted FROM entry')
  return verdict(
    pools.length,
    'pools',
    'are free',
    held.map((row) => `${String(row.key)} ${row.granted === null ? 'waits' : 'holds'}`),
  )
}
