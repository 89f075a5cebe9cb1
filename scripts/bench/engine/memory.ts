import { processesBelow, residentMb, type Process } from '../process-tree.ts'

const POLL_MS = 200

/** Resident memory of workerd, in MB: now, and the most that was seen. Linux only; 0 elsewhere. */
export interface MemoryWatch {
  now(): number
  /** The most since the last call. */
  peak(): number
  stop(): void
}

/** Watches every workerd below a process. */
export function watchWorkerd(root = process.pid): MemoryWatch {
  let most = 0
  const look = () => {
    const seen = workerdBelow(root).reduce((sum, { pid }) => sum + residentMb(pid), 0)
    most = Math.max(most, seen)
    return seen
  }
  const timer = setInterval(look, POLL_MS)
  return {
    now: look,
    peak() {
      look()
      const peak = most
      most = 0
      return peak
    },
    stop: () => clearInterval(timer),
  }
}

function workerdBelow(root: number): Process[] {
  return processesBelow(root).filter(({ name }) => name === 'workerd')
}
