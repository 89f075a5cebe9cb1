import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from './build.ts'

/** Lines that are kept of what a stack prints. */
const MAX_LOG_LINES = 20_000
const GONE_POLL_MS = 10

export interface StackProcess {
  url: string
  key: string
  gpuUrl: string
  gpuKey: string
  taskUrl: string
  pid: number
  /** What the stack has printed, the newest lines of it. */
  log: string[]
  /** False once it has ended, by itself or not. */
  isUp(): boolean
  /** SIGKILL to the stack and all its children, workerd and the endpoints included. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface StackProcessOptions {
  /** A Worker that was built before. */
  script?: string
  /** Variables of the Worker. */
  vars?: Record<string, string>
  onLine?: (line: string) => void
}

type Ready = Pick<StackProcess, 'url' | 'key' | 'gpuUrl' | 'gpuKey' | 'taskUrl'>

/** `npm start` in a process group of its own, so that all of it can be killed at once. */
export async function startStackProcess(
  stateDir: string,
  { script, vars = {}, onLine }: StackProcessOptions = {},
): Promise<StackProcess> {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'scripts/start.ts'),
      `--state=${stateDir}`,
      '--no-dashboard',
      '--json',
      ...(script === undefined ? [] : [`--script=${script}`]),
      ...Object.entries(vars).map(([name, value]) => `--var=${name}=${value}`),
    ],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  // Whoever started it may be ended before it ends it.
  const orphaned = () => signalGroup(child, 'SIGKILL')
  process.once('exit', orphaned)
  child.once('exit', () => process.off('exit', orphaned))
  const log: string[] = []
  createInterface({ input: child.stderr! }).on('line', (line) => {
    log.push(line)
    if (log.length > MAX_LOG_LINES) log.splice(0, MAX_LOG_LINES / 2)
    onLine?.(line)
  })
  const ready = await new Promise<Ready>((settle, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => settle(JSON.parse(line) as Ready))
    child.once('exit', () => reject(new Error(`the stack did not start:\n${log.join('\n')}`)))
  })
  return {
    ...ready,
    pid: child.pid!,
    log,
    isUp: () => child.exitCode === null && child.signalCode === null,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const isOver = child.exitCode !== null || child.signalCode !== null
  const exited = isOver ? undefined : once(child, 'exit')
  if (signal === 'SIGKILL') signalGroup(child, signal)
  else child.kill(signal)
  await exited
  // The ports are free once the children are gone too.
  while (signalGroup(child, 0)) await sleep(GONE_POLL_MS)
}

/** Whether there still is a process in the group. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-child.pid!, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
