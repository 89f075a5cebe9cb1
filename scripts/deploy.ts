/**
 * `npm run deploy`: the whole way to a Cloudflare account that `wrangler login` has signed in to. Every step may be
 * repeated. `--dry-run` bundles the Worker and the dashboard and prints the steps, without an account.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, buildDashboard, codeSha } from './stack/build.ts'

const QUEUES = ['sluice-stages', 'sluice-items', 'sluice-evaluation', 'sluice-spans', 'sluice-dead-letters']
const PAGES_PROJECT = 'sluice-dashboard'
/** Secrets that Sluice makes up itself, once. Those of your endpoints are yours to put. */
const OWN_SECRETS = ['SIGNING_KEY', 'BOOTSTRAP_ADMIN_KEY']

const HELP = `npm run deploy -- --public-url https://sluice.YOUR-SUBDOMAIN.workers.dev [--training-endpoints JSON] [--task-endpoints JSON] [--judge-endpoints JSON] [--evaluator-endpoints JSON] [--pools JSON] [--dry-run]

  --public-url          where training endpoints reach this Worker with their callbacks
  --training-endpoints  {"name": {"url", "signingSecret", "servingSecret"}}; put the two secrets with wrangler secret put
  --task-endpoints      {"name": {"url", "signingSecret"}}, for task stages; put the secret likewise
  --judge-endpoints     {"name": {"url", "secret", "model", "inputUsdPerMTok", "outputUsdPerMTok"}}, for judges and embeddings
  --evaluator-endpoints {"name": {"url", "signingSecret"}}, for scores of your own services
  --pools               {"gpu": 2}: slots of the pools that stages name
  --dry-run             bundle everything and print the steps; needs no account`

const { values } = parseArgs({
  options: {
    'public-url': { type: 'string' },
    'training-endpoints': { type: 'string', default: '{}' },
    'task-endpoints': { type: 'string', default: '{}' },
    'judge-endpoints': { type: 'string', default: '{}' },
    'evaluator-endpoints': { type: 'string', default: '{}' },
    pools: { type: 'string', default: '{}' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const dryRun = values['dry-run']

if (values.help || (!dryRun && values['public-url'] === undefined)) {
  console.log(HELP)
  process.exit(values.help ? 0 : 2)
}
await deploy(values['public-url'] ?? 'https://sluice.example.workers.dev')

async function deploy(publicUrl: string): Promise<void> {
  for (const queue of QUEUES) wrangler(['queues', 'create', queue], { mayExist: true })
  wrangler(['r2', 'bucket', 'create', 'sluice-artifacts'], { mayExist: true })
  wrangler(['d1', 'create', 'sluice-lineage'], { mayExist: true })
  const vars = {
    PUBLIC_URL: publicUrl,
    CODE_SHA: await codeSha(),
    TRAINING_ENDPOINTS: values['training-endpoints'],
    TASK_ENDPOINTS: values['task-endpoints'],
    JUDGE_ENDPOINTS: values['judge-endpoints'],
    EVALUATOR_ENDPOINTS: values['evaluator-endpoints'],
    POOLS: values.pools,
  }
  const flags = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  wrangler(['d1', 'migrations', 'apply', 'sluice-lineage', '--remote'])
  wrangler(['deploy', ...flags, ...(dryRun ? ['--dry-run', '--outdir', 'dist/worker'] : [])], {
    runsDry: true,
  })
  putOwnSecrets()
  const dist = await buildDashboard()
  wrangler(['pages', 'project', 'create', PAGES_PROJECT, '--production-branch', 'main'], { mayExist: true })
  wrangler(['pages', 'deploy', dist, '--project-name', PAGES_PROJECT], { cwd: join(ROOT, 'dashboard') })
}

/** Puts the secrets that are not there yet, and shows the admin key this once. */
function putOwnSecrets(): void {
  const known = dryRun ? '' : wrangler(['secret', 'list'], { quiet: true })
  for (const name of OWN_SECRETS) {
    if (known.includes(`"${name}"`)) continue
    const value =
      name === 'BOOTSTRAP_ADMIN_KEY'
        ? `sk_sluice_${randomBytes(24).toString('hex')}`
        : randomBytes(32).toString('hex')
    wrangler(['secret', 'put', name], { input: value })
    if (name === 'BOOTSTRAP_ADMIN_KEY' && !dryRun) console.log(`Your admin key, shown this once: ${value}`)
  }
}

interface StepOptions {
  /** A step that fails because the thing is there already has done its work. */
  mayExist?: boolean
  runsDry?: boolean
  quiet?: boolean
  input?: string
  cwd?: string
}

function wrangler(args: string[], { mayExist, runsDry, quiet, input, cwd = ROOT }: StepOptions = {}): string {
  console.log(`> wrangler ${args.join(' ')}`)
  if (dryRun && !runsDry) return ''
  try {
    const out = execFileSync(join(ROOT, 'node_modules/.bin/wrangler'), args, {
      cwd,
      input: input ?? '',
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    if (!quiet) process.stdout.write(out)
    return out
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    if (mayExist && /already exists|already taken|already have/i.test(stdout + stderr)) return ''
    process.stderr.write(stdout + stderr)
    console.error(
      `wrangler ${args.join(' ')} failed: nothing after it was done. Mend it and run the deploy again.`,
    )
    process.exit(1)
  }
}
