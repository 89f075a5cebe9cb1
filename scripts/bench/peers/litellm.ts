import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../stack/build.ts'
import { startPeer, type Peer } from './peer.ts'

const run = promisify(execFile)

/** What the figures are of. */
const LITELLM = '1.83.0'

const INSTALL_TIMEOUT_MS = 300_000
const START_TIMEOUT_MS = 60_000

/** LiteLLM's proxy with one worker, in a Python environment of its own that is made when it is first asked for. */
export async function startLiteLlm(target: {
  model: string
  baseUrl: string
}): Promise<Peer | { notRun: string }> {
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

async function start(folder: string, { model, baseUrl }: { model: string; baseUrl: string }): Promise<Peer> {
  const config = join(folder, 'config.yaml')
  const params = { model: `openai/${model}`, api_base: baseUrl, api_key: 'none' }
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ model_list: [{ model_name: model, litellm_params: params }] }))
  const args = ['--config', config, '--host', '127.0.0.1', '--telemetry', 'False']
  return startPeer(join(folder, 'bin/litellm'), (port) => [...args, '--port', String(port)], {
    env: { LITELLM_LOG: 'ERROR', LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
    readyAt: '/health/liveliness',
    timeoutMs: START_TIMEOUT_MS,
  })
}
