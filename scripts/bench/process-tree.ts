import { readdirSync, readFileSync } from 'node:fs'

/** A running process, by Linux's `/proc`. */
export interface Process {
  pid: number
  name: string
  /** Processor time since its start, in clock ticks. */
  ticks: number
}

/** A process and all below it. Linux only; none elsewhere. */
export function processesBelow(root: number): Process[] {
  const processes = pids().flatMap((pid) => {
    // The name stands in brackets and may hold anything; what follows starts with the state and the parent.
    const [, name, rest] = /\((.*)\)(.*)$/m.exec(read(`/proc/${pid}/stat`)) ?? []
    if (name === undefined || rest === undefined) return []
    const fields = rest.trim().split(' ').map(Number)
    return [{ pid, name, parent: fields[1]!, ticks: fields[11]! + fields[12]! }]
  })
  const below = new Set([root])
  for (let size = 0; size < below.size;) {
    size = below.size
    for (const { pid, parent } of processes) if (below.has(parent)) below.add(pid)
  }
  return processes.filter(({ pid }) => below.has(pid))
}

/** Resident memory of a process, in MB; 0 when it has ended. */
export function residentMb(pid: number): number {
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
