import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const ROOT = resolve(import.meta.dirname, '../..')
const BIN = join(ROOT, 'node_modules/.bin')

/** Bundles the Worker as `npm run deploy` would, or another entry as if it were it. Answers the path of the script. */
export async function buildWorker({
  entry = join(ROOT, 'workers/index.ts'),
  outdir = join(ROOT, 'dist/worker'),
}: {
  entry?: string
  outdir?: string
} = {}): Promise<string> {
  const args = ['deploy', entry, '--dry-run', '--outdir', outdir]
  await run(join(BIN, 'wrangler'), args, {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  })
  return join(outdir, `${basename(entry, '.ts')}.js`)
}

/** Builds the dashboard, and answers the directory of its files. */
export async function buildDashboard(): Promise<string> {
  await run(join(BIN, 'vite'), ['build', 'dashboard', '--logLevel', 'error'], { cwd: ROOT })
  return join(ROOT, 'dashboard/dist')
}

/** The commit that the code is at, with `-dirty` when it has changes of its own; `unknown` outside a checkout. */
export async function codeSha(): Promise<string> {
  if (!existsSync(join(ROOT, '.git'))) return 'unknown'
  try {
    const sha = (await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT })).stdout.trim()
    const changes = await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: ROOT })
    return changes.stdout.trim() === '' ? sha : `${sha}-dirty`
  } catch {
    return 'unknown'
  }
}
