import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ROOT } from '../../stack/build.ts'
import { freePort } from '../../stack/settings.ts'

/** What the figures are of. */
export const PORTKEY = '1.15.2'
/**
 * The newest server with which it streams: with what its ranges allow now it answers every stream by 500, since it changes
 * headers that are immutable there.
 * @see https://github.com/Portkey-AI/gateway/issues/1389
 */
const OVERRIDES = { hono: '4.9.7', '@hono/node-server': '1.14.1' }
const PACKAGE = '@portkey-ai/gateway'
/** A patch of its repository that its image has and its package lacks: without it no `Retry-After` is honoured. */
const PATCH = {
  file: 'async-retry/lib/index.js',
  from: 'val = fn(bail, num);',
  to: 'val = fn(bail, num, op);',
}

const INSTALL_TIMEOUT_MS = 300_000
const START_TIMEOUT_MS = 20_000
const POLL_MS = 100

export interface Portkey {
  /** Ends in `/v1`. */
  baseUrl: string
  pid: number
  stop(): void
}

/**
 * Portkey's gateway from npm in a Node process of its own, outside the project's dependencies: it is installed when it is
 * first asked for. What a request is to be routed by, it says itself, in the header `x-portkey-config`.
 */
export async function startPortkey(): Promise<Portkey | { notRun: string }> {
  try {
    return await start(await install())
  } catch (error) {
    return { notRun: `portkey: ${(error as Error).message.slice(0, 200)}` }
  }
}

/** Answers the script of its server. */
async function install(): Promise<string> {
  const folder = join(ROOT, '.bench', `portkey-${PORTKEY}`)
  const script = join(folder, 'node_modules', PACKAGE, 'build/start-server.js')
  if (existsSync(script)) return script
  mkdirSync(folder, { recursive: true })
  const wanted = { private: true, dependencies: { [PACKAGE]: PORTKEY }, overrides: OVERRIDES }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(wanted))
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder]
  await promisify(execFile)('npm', args, { cwd: folder, timeout: INSTALL_TIMEOUT_MS, maxBuffer: 2 ** 26 })
  const patched = join(folder, 'node_modules', PATCH.file)
  writeFileSync(patched, readFileSync(patched, 'utf8').replace(PATCH.from, PATCH.to))
  return script
}

async function start(script: string): Promise<Portkey> {
  const port = await freePort()
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(process.execPath, [script, '--headless', `--port=${port}`], { env, stdio: 'ignore' })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = () => {
    process.off('exit', kill)
    kill()
  }
  const url = `http://127.0.0.1:${port}`
  for (const deadline = Date.now() + START_TIMEOUT_MS; !(await answers(url)); await sleep(POLL_MS)) {
    if (Date.now() < deadline && child.exitCode === null) continue
    stop()
    throw new Error('its server did not start')
  }
  return { baseUrl: `${url}/v1`, pid: child.pid!, stop }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.body?.cancel().then(() => true) ?? true,
    () => false,
  )
}
