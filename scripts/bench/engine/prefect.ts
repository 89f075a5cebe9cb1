import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ROOT } from '../../stack/build.ts'
import { STAGES } from './workflow.ts'

export const PREFECT = 'prefect==3.9.1'
const BENCH_DIR = join(ROOT, '.bench')
const VENV = join(BENCH_DIR, PREFECT.replace('==', '-'))
const INSTALL_TIMEOUT_MS = 600_000
const START_TIMEOUT_MS = 90_000

export interface Prefect {
  /** Seconds of so many runs of the same shape, so many of them under way at the same time. */
  run(batch: { runs: number; concurrency: number }): Promise<number>
  stop(): void
}

/**
 * Prefect 3 from PyPI with a server of its own on SQLite, and one process that runs flows: the way that costs it least,
 * since a deployment starts a process for each run. Its task states go to the server as events, its flow states by API.
 *
 * @throws Error with what is missing: then it has not run, and nothing is said of it
 */
export async function startPrefect(): Promise<Prefect> {
  const python = await install()
  const home = mkdtempSync(join(BENCH_DIR, 'home-'))
  const port = await freePort()
  const env = {
    ...process.env,
    PREFECT_HOME: home,
    PREFECT_API_URL: `http://127.0.0.1:${port}/api`,
    PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
    DO_NOT_TRACK: '1',
    // A no-op has nothing to log; the lines of the framework would be sent to its server too.
    PREFECT_LOGGING_LEVEL: 'ERROR',
  }
  const children: ChildProcess[] = []
  const stop = () => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  }
  process.once('exit', stop)
  try {
    const serve = ['-m', 'prefect', 'server', 'start', '--host', '127.0.0.1', '--port', String(port)]
    children.push(spawn(python, serve, { env, stdio: 'ignore' }))
    await healthy(`http://127.0.0.1:${port}/api/health`)
    const script = join(import.meta.dirname, 'prefect_noop.py')
    const flows = spawn(python, [script], { env, stdio: ['pipe', 'pipe', 'ignore'] })
    children.push(flows)
    const lines = createInterface({ input: flows.stdout })[Symbol.asyncIterator]()
    const answer = async () => {
      const { value, done } = await lines.next()
      if (done) throw new Error('the process of the flows ended')
      const { seconds, error } = JSON.parse(value) as { seconds: number; error?: string }
      if (error !== undefined) throw new Error(error)
      return seconds
    }
    await answer()
    return {
      async run(batch) {
        flows.stdin.write(`${JSON.stringify({ ...batch, tasks: STAGES })}\n`)
        return answer()
      },
      stop() {
        process.off('exit', stop)
        stop()
      },
    }
  } catch (error) {
    stop()
    throw error
  }
}

/** The interpreter of a virtual environment that has Prefect; made when it is not there. */
async function install(): Promise<string> {
  const run = promisify(execFile)
  const python = join(VENV, 'bin/python')
  const options = { timeout: INSTALL_TIMEOUT_MS }
  mkdirSync(BENCH_DIR, { recursive: true })
  if (!existsSync(python)) await run('python3', ['-m', 'venv', VENV], options)
  try {
    await run(python, ['-c', 'import prefect'], options)
  } catch {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PREFECT], options)
  }
  return python
}

async function healthy(url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    await sleep(250)
  }
  throw new Error(`its server was not up after ${START_TIMEOUT_MS / 1000} s`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
