import { join } from 'node:path'
import type { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { ROOT, buildDashboard, buildWorker, codeSha } from './build.ts'
import { startEndpoint } from './endpoint-process.ts'
import { untilFree } from './free-ports.ts'
import { migrate } from './migrate.ts'
import { loadSettings, type Settings, type WantedPorts } from './settings.ts'

/** How often the local stack does what Cloudflare's cron would. */
const CRON_EVERY_MS = 60_000
/**
 * Of the queues of short work: Cloudflare runs up to 250 consumers of a queue at once, the local runtime one batch after
 * the other.
 */
const LOCAL_BATCH = { 'sluice-stages': 100, 'sluice-items': 100 } as const

export interface Stack {
  /** The Worker, reached directly: no development proxy stands before it. */
  url: string
  dashboardUrl: string
  gpuUrl: string
  taskUrl: string
  settings: Settings
  stop(): Promise<void>
}

export interface StackOptions {
  stateDir: string
  ports?: WantedPorts
  /** Each line that workerd and the endpoint print. */
  log: (line: string) => void
  dashboard?: boolean
  /** A Worker that was built before: a restart then takes a second. */
  script?: string
  /** Variables of the Worker, in place of those of wrangler.toml. */
  vars?: Record<string, string>
}

/**
 * The whole of Sluice on this machine: workerd with the Worker, its Durable Objects, D1, R2, Queues and cron; the
 * dashboard; and, as processes of their own, the reference GPU endpoint and the reference task endpoint. The state
 * directory makes it resume.
 */
export async function startStack({
  stateDir,
  ports = {},
  log,
  dashboard = true,
  script: built,
  vars = {},
}: StackOptions): Promise<Stack> {
  const settings = await loadSettings(stateDir, ports)
  await untilFree({
    API: settings.apiPort,
    ...(dashboard ? { dashboard: settings.dashboardPort } : {}),
    'GPU endpoint': settings.gpuPort,
    'task endpoint': settings.taskPort,
  })
  const [script, assets, sha] = await Promise.all([
    built ?? buildWorker(),
    dashboard ? buildDashboard() : undefined,
    codeSha(),
  ])
  // Loading wrangler takes as long as the endpoints need to start.
  const [{ gpu, task }, { unstable_getMiniflareWorkerOptions: readConfig }] = await Promise.all([
    startEndpoints(stateDir, settings, log),
    import('wrangler'),
  ])
  const { workerOptions } = readConfig(join(ROOT, 'wrangler.toml'))
  const url = `http://127.0.0.1:${settings.apiPort}`
  let miniflare: Miniflare | undefined
  const stop = async () => {
    gpu.process.kill('SIGTERM')
    task.process.kill('SIGTERM')
    await miniflare?.dispose()
  }
  try {
    miniflare = new Miniflare(
      convertV4MiniflareOptions({
        log: new Log(LogLevel.NONE),
        unsafeTriggerHandlers: true,
        handleStructuredLogs: ({ level, message }) => log(`[${level}] ${message}`),
        resourcePersistencePath: join(stateDir, 'workerd'),
        workers: [
          sluiceWorker(workerOptions, script, settings, {
            url,
            sha,
            gpuUrl: gpu.url,
            taskUrl: task.url,
            vars,
          }),
          ...(assets === undefined ? [] : [dashboardWorker(assets, settings)]),
        ],
      }),
    )
    await miniflare.ready
    await migrate(miniflare, join(ROOT, 'migrations'), join(stateDir, 'migrated.json'))
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
    taskUrl: task.url,
    settings,
    stop: async () => {
      clearInterval(cron)
      await stop()
    },
  }
}

async function startEndpoints(stateDir: string, settings: Settings, log: (line: string) => void) {
  const { gpuPort, gpuSigningSecret, gpuKey, taskPort, taskSigningSecret } = settings
  const gpuSecrets = { GPU_ENDPOINT_SIGNING_SECRET: gpuSigningSecret, GPU_ENDPOINT_KEY: gpuKey }
  const taskSecrets = { TASK_ENDPOINT_SIGNING_SECRET: taskSigningSecret }
  const [gpu, task] = await Promise.all([
    startEndpoint('gpu-endpoint', { stateDir, port: gpuPort, secrets: gpuSecrets }, log),
    startEndpoint('task-endpoint', { stateDir, port: taskPort, secrets: taskSecrets }, log),
  ])
  return { gpu, task }
}

interface Addresses {
  url: string
  sha: string
  gpuUrl: string
  taskUrl: string
  vars: Record<string, string>
}

type WorkerOptions = ReturnType<typeof unstable_getMiniflareWorkerOptions>['workerOptions']

function sluiceWorker(
  configured: WorkerOptions,
  script: string,
  settings: Settings,
  { url, sha, gpuUrl, taskUrl, vars }: Addresses,
) {
  // The script is bundled: there are no module rules to follow any more.
  const { modulesRules: _, ...workerOptions } = configured
  return {
    ...workerOptions,
    name: 'sluice',
    rootPath: ROOT,
    modules: true as const,
    scriptPath: script,
    queueConsumers: withBatches(workerOptions.queueConsumers as Record<string, object>),
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
      TASK_ENDPOINT_SIGNING_SECRET: settings.taskSigningSecret,
      TASK_ENDPOINTS: JSON.stringify({
        'reference-task': { url: taskUrl, signingSecret: 'TASK_ENDPOINT_SIGNING_SECRET' },
      }),
      ...vars,
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: settings.apiPort }],
  }
}

function withBatches(consumers: Record<string, object>): Record<string, object> {
  const sizes: Record<string, number> = LOCAL_BATCH
  return Object.fromEntries(
    Object.entries(consumers).map(([queue, consumer]) => [
      queue,
      queue in sizes ? { ...consumer, maxBatchSize: sizes[queue] } : consumer,
    ]),
  )
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
  for (const cron of due) {
    // Not by `getWorker`: that blocks this process until workerd answers, and workerd may be waiting for this process to
    // read its log.
    const query = new URLSearchParams({ cron, time: String(now.getTime()) })
    const answer = await miniflare
      .dispatchFetch(`http://sluice/cdn-cgi/local/scheduled?${query}`)
      .catch(String)
    if (typeof answer === 'string' || !answer.ok)
      log(`[cron] ${cron}: ${typeof answer === 'string' ? answer : await answer.text()}`)
  }
}
