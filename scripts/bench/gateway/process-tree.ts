import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second that Linux reports processor time in (`USER_HZ`). */
const TICKS = 100

export interface Used {
  /** Processor time since its start, in seconds. */
  cpuSeconds: number
  rssMb: number
}

/** What a process and all below it have used. Linux only; 0 elsewhere. */
export function usedBy(root: number): Used {
  const processes = pids().flatMap((pid) => {
    // The name stands in brackets and may hold anything; what follows starts with the state and the parent.
    const [, rest] = /\(.*\)(.*)$/m.exec(read(`/proc/${pid}/stat`)) ?? []
    if (rest === undefined) return []
    const fields = rest.trim().split(' ').map(Number)
    return [{ pid, parent: fields[1]!, ticks: fields[11]! + fields[12]! }]
  })
  const below = new Set([root])
  for (let size = 0; size < below.size;) {
    size = below.size
    for (const { pid, parent } of processes) if (below.has(parent)) below.add(pid)
  }
  const own = processes.filter(({ pid }) => below.has(pid))
  return {
    cpuSeconds: own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS,
    rssMb: own.reduce((sum, { pid }) => sum + rssMb(pid), 0),
  }
}

function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024
}

function pids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Nothing of a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
