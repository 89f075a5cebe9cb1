import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../stack/build.ts'
import { startPeer, type Peer } from './peer.ts'

/** What the figures are of. */
const PORTKEY = '1.15.2'
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

/**
 * Portkey's gateway from npm in a Node process of its own, outside the project's dependencies: it is installed when it is
 * first asked for. What a request is to be routed by, it says itself, in the header `x-portkey-config`.
 */
export async function startPortkey(): Promise<Peer | { notRun: string }> {
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

function start(script: string): Promise<Peer> {
  return startPeer(process.execPath, (port) => [script, '--headless', `--port=${port}`], {
    env: { NODE_ENV: 'production' },
    readyAt: '/',
    timeoutMs: START_TIMEOUT_MS,
  })
}
