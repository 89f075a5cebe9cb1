import { readdirSync, readFileSync } from 'node:fs'

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
    const seen = workerdBelow(root).reduce((sum, pid) => sum + residentMb(pid), 0)
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

function workerdBelow(root: number): number[] {
  const processes = pids().flatMap((pid) => {
    const stat = read(`/proc/${pid}/stat`)
    // The name stands in brackets and may hold anything: the parent is the second field after it.
    const [, name, rest] = /\((.*)\)(.*)$/m.exec(stat) ?? []
    return rest === undefined ? [] : [{ pid, name, parent: Number(rest.trim().split(' ')[1]) }]
  })
  const below = new Set([root])
  for (let size = 0; size < below.size;) {
    size = below.size
    for (const { pid, parent } of processes) if (below.has(parent)) below.add(pid)
  }
  return processes.filter(({ pid, name }) => below.has(pid) && name === 'workerd').map(({ pid }) => pid)
}

function pids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024
}

/** Nothing of a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
