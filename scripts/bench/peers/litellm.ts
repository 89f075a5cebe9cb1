import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ROOT } from '../../stack/build.ts'
import { freePort } from '../../stack/settings.ts'

const run = promisify(execFile)

/** What the figures are of. */
export const LITELLM = '1.83.0'

const INSTALL_TIMEOUT_MS = 300_000
const START_TIMEOUT_MS = 60_000
const POLL_MS = 200

export interface LiteLlm {
  /** Ends in `/v1`. */
  baseUrl: string
  pid: number
  stop(): void
}

/** LiteLLM's proxy with one worker, in a Python environment of its own that is made when it is first asked for. */
export async function startLiteLlm(target: {
  model: string
  baseUrl: string
}): Promise<LiteLlm | { notRun: string }> {
  try {
    return await start(await install(), target)
  } catch (error) {
    return { notRun: `litellm: ${(error as Error).message.slice(0, 200)}` }
  }
}

/** Answers the folder of its environment. */
async function install(): Promise<string> {
  const folder = join(ROOT, '.bench', `litellm-${LITELLM}`)
  if (existsSync(join(folder, 'bin/litellm'))) return folder
  mkdirSync(folder, { recursive: true })
  const options = { timeout: INSTALL_TIMEOUT_MS, maxBuffer: 2 ** 26 }
  await run('python3', ['-m', 'venv', folder], options)
  await run(join(folder, 'bin/pip'), ['install', '--quiet', `litellm[proxy]==${LITELLM}`], options)
  return folder
}

async function start(
  folder: string,
  { model, baseUrl }: { model: string; baseUrl: string },
): Promise<LiteLlm> {
  const config = join(folder, 'config.yaml')
  const params = { model: `openai/${model}`, api_base: baseUrl, api_key: 'none' }
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: model, litellm_params: params }] }))
  const port = await freePort()
  const args = ['--config', config, '--host', '127.0.0.1', '--port', String(port), '--telemetry', 'False']
  const env = { ...process.env, LITELLM_LOG: 'ERROR', LITELLM_LOCAL_MODEL_COST_MAP: 'True' }
  const child = spawn(join(folder, 'bin/litellm'), args, { env, stdio: 'ignore' })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = () => {
    process.off('exit', kill)
    kill()
  }
  const url = `http://127.0.0.1:${port}`
  for (const deadline = Date.now() + START_TIMEOUT_MS; !(await isAlive(url)); await sleep(POLL_MS)) {
    if (Date.now() < deadline && child.exitCode === null) continue
    stop()
    throw new Error('its proxy did not start')
  }
  return { baseUrl: `${url}/v1`, pid: child.pid!, stop }
}

async function isAlive(url: string): Promise<boolean> {
  return fetch(`${url}/health/liveliness`).then(
    async (response) => {
      await response.body?.cancel()
      return response.ok
    },
    () => false,
  )
}
