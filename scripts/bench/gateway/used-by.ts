import { processesBelow, residentMb } from '../process-tree.ts'

/** Clock ticks a second that Linux reports processor time in (`USER_HZ`). */
const TICKS = 100

export interface Used {
  /** Processor time since its start, in seconds. */
  cpuSeconds: number
  rssMb: number
}

/**
 * What a server has used: workerd where it stands below the process (storage and queues are in it, what starts it serves
 * nothing), else all below it. Linux only; 0 elsewhere.
 */
export function usedBy(root: number): Used {
  const all = processesBelow(root)
  const workerd = all.filter(({ name }) => name === 'workerd')
  const own = workerd.length > 0 ? workerd : all
  return {
    cpuSeconds: own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS,
    rssMb: own.reduce((sum, { pid }) => sum + residentMb(pid), 0),
  }
}
