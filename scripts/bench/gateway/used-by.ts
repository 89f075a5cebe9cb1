import { processesBelow, residentMb } from '../process-tree.ts'

/** Clock ticks a second that Linux reports processor time in (`USER_HZ`). */
const TICKS = 100

export interface Used {
  /** Processor time since its start, in seconds. */
  cpuSeconds: number
  rssMb: number
}

/** What a process and all below it have used. Linux only; 0 elsewhere. */
export function usedBy(root: number): Used {
  const own = processesBelow(root)
  return {
    cpuSeconds: own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS,
    rssMb: own.reduce((sum, { pid }) => sum + residentMb(pid), 0),
  }
}
