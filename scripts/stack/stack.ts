import { join } from 'node:path'
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { ROOT, buildDashboard, buildWorker, codeSha } from './build.ts'
import { startGpuEndpoint } from './gpu-endpoint-process.ts'
import { migrate } from './migrate.ts'
import { loadSettings, type Settings, type WantedPorts } from './settings.ts'

/** How often the local stack does what Cloudflare's cron would. */
const CRON_EVERY_MS = 60_000

export interface Stack {
  /** The Worker, reached directly: no development proxy stands before it. */
  url: string
  dashboardUrl: string
  gpuUrl: string
  settings: Settings
  stop(): Promise<void>
}

export interface StackOptions {
  stateDir: string
  ports?: WantedPorts
  /** Each line that workerd and the endpoint print. */
  log: (line: string) => void
  dashboard?: boolean
}

/**
 * The whole of Sluice on this machine: workerd with the Worker, its Durable Objects, D1, R2, Queues and cron; the
 * dashboard; and, as a process of its own, the reference GPU endpoint. The state directory makes it resume.
 */
export async function startStack({
  stateDir,
  ports = {},
  log,
  dashboard = true,
}: StackOptions): Promise<Stack> {
  const settings = await loadSettings(stateDir, ports)
  const [script, assets, sha] = await Promise.all([
    buildWorker(),
    dashboard ? buildDashboard() : undefined,
    codeSha(),
  ])
  const gpu = await startGpuEndpoint(stateDir, settings, log)
  const url = `http://127.0.0.1:${settings.apiPort}`
  let miniflare: Miniflare | undefined
  const stop = async () => {
    gpu.process.kill('SIGTERM')
    await miniflare?.dispose()
  }
  try {
    miniflare = new Miniflare(
      convertV4MiniflareOptions({
        log: new Log(LogLevel.NONE),
        handleStructuredLogs: ({ level, message }) => log(`[${level}] ${message}`),
        resourcePersistencePath: join(stateDir, 'workerd'),
        workers: [
          sluiceWorker(script, settings, { url, sha, gpuUrl: gpu.url }),
          ...(assets === undefined ? [] : [dashboardWorker(assets, settings)]),
        ],
      }),
    )
    await miniflare.ready
    await migrate(miniflare, join(ROOT, 'migrations'))
  } catch (error) {
    await stop()
    throw error
  }
  const running = miniflare
  const cron = setInterval(() => void tick(running, log), CRON_EVERY_MS)
  return {
    url,
    dashboardUrl: `http://127.0.0.1:${settings.dashboardPort}/#key=${settings.adminKey}`,
    gpuUrl: gpu.url,
    settings,
    stop: async () => {
      clearInterval(cron)
      await stop()
    },
  }
}

function sluiceWorker(
  script: string,
  settings: Settings,
  { url, sha, gpuUrl }: { url: string; sha: string; gpuUrl: string },
) {
  // The script is bundled: there are no module rules to follow any more.
  const { modulesRules: _, ...workerOptions } = unstable_getMiniflareWorkerOptions(
    join(ROOT, 'wrangler.toml'),
  ).workerOptions
  return {
    ...workerOptions,
    name: 'sluice',
    rootPath: ROOT,
    modules: true as const,
    scriptPath: script,
    bindings: {
      ...(workerOptions.bindings as Record<string, string>),
      PUBLIC_URL: url,
      CODE_SHA: sha,
      BOOTSTRAP_ADMIN_KEY: settings.adminKey,
      SIGNING_KEY: settings.signingKey,
      GPU_ENDPOINT_SIGNING_SECRET: settings.gpuSigningSecret,
      GPU_ENDPOINT_KEY: settings.gpuKey,
      TRAINING_ENDPOINTS: JSON.stringify({
        'reference-gpu': {
          url: gpuUrl,
          signingSecret: 'GPU_ENDPOINT_SIGNING_SECRET',
          servingSecret: 'GPU_ENDPOINT_KEY',
        },
      }),
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: settings.apiPort }],
  }
}

function dashboardWorker(assets: string, settings: Settings) {
  return {
    name: 'sluice-dashboard',
    rootPath: ROOT,
    compatibilityDate: '2026-10-01',
    modules: true as const,
    scriptPath: join(assets, '_worker.js'),
    serviceBindings: { API: 'sluice' },
    // As on Pages: `_worker.js` sees every request, and asks for the files itself.
    assets: {
      directory: assets,
      binding: 'ASSETS',
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: settings.dashboardPort }],
  }
}

/** What Cloudflare's cron would send: the minute's trigger, and at 02:00 UTC the night's. */
async function tick(miniflare: Miniflare, log: (line: string) => void): Promise<void> {
  const now = new Date()
  const due = ['* * * * *', ...(now.getUTCHours() === 2 && now.getUTCMinutes() === 0 ? ['0 2 * * *'] : [])]
  try {
    const worker = await miniflare.getWorker('sluice')
    for (const cron of due) await worker.scheduled({ scheduledTime: now, cron })
  } catch (error) {
    log(`[cron] ${String(error)}`)
  }
}
