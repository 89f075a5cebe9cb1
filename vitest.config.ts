import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { outside } from './test/workerd/outside.ts'

const endpoint = (url: string) => ({
  url,
  signingSecret: 'GPU_ENDPOINT_SIGNING_SECRET',
  servingSecret: 'GPU_ENDPOINT_KEY',
})

/** Judges by name: test/workerd/judge-hosts.ts says how each behaves. A judgement costs $0.0012. */
const judges: Record<string, object> = Object.fromEntries(
  ['', 'slow', 'split', 'stumbling', 'babbling', 'captured', 'busy', 'broken', 'absent'].map((name) => [
    name === '' ? 'judge' : name,
    {
      url: `http://${name === '' ? '' : `${name}.`}judge.test/v1`,
      secret: 'GPU_ENDPOINT_KEY',
      model: 'judge-1',
      inputUsdPerMTok: 1,
      outputUsdPerMTok: 2,
    },
  ]),
)
judges.keyless = { url: 'http://judge.test/v1', secret: 'NO_SUCH_SECRET', model: 'judge-1' }

/** Secrets and endpoints of the tests in workerd: test/workerd/outside.ts answers there. */
const bindings = {
  SIGNING_KEY: 'test-signing-key',
  BOOTSTRAP_ADMIN_KEY: 'sk_sluice_test_admin',
  GPU_ENDPOINT_SIGNING_SECRET: 'whsec_c2x1aWNlLXRlc3Qtc2VjcmV0LXNsdWljZS10ZXN0LXNlYw==',
  GPU_ENDPOINT_KEY: 'test-gpu-key',
  CODE_SHA: '0123456789abcdef0123456789abcdef01234567',
  TASK_ENDPOINTS: JSON.stringify({
    tasks: { url: 'http://tasks.test', signingSecret: 'GPU_ENDPOINT_SIGNING_SECRET' },
  }),
  JUDGE_ENDPOINTS: JSON.stringify(judges),
  EVALUATOR_ENDPOINTS: JSON.stringify({
    service: { url: 'http://service.test', signingSecret: 'GPU_ENDPOINT_SIGNING_SECRET' },
    down: { url: 'http://nobody.test', signingSecret: 'GPU_ENDPOINT_SIGNING_SECRET' },
  }),
  POOLS: JSON.stringify({ gpu: 1 }),
  TRAINING_ENDPOINTS: JSON.stringify({
    'test-gpu': endpoint('http://gpu.test'),
    // Takes five seconds to answer.
    'silent-gpu': endpoint('http://silent.test'),
    'down-gpu': endpoint('http://nobody.test'),
  }),
}

/**
 * The tests of real stacks share two noisy cores in CI: one that fails there runs once more, and is reported as flaky when it
 * passes then. At home a test that fails has failed.
 */
const retry = process.env.CI ? 1 : 0

export default defineConfig({
  test: {
    // What the Worker logs belongs to a test that failed.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'domain',
          include: [
            'domain/**/*.test.ts',
            'client/**/*.test.ts',
            'examples/**/*.test.ts',
            'scripts/**/*.test.ts',
            'dashboard/src/**/*.test.ts',
            'test/house.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: { ...bindings, TEST_MIGRATIONS: await readD1Migrations('./migrations') },
              outboundService: outside,
            },
          })),
        ],
        test: {
          name: 'workerd',
          retry,
          include: ['test/workerd/**/*.test.ts'],
          setupFiles: ['./test/workerd/setup.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'browser',
          retry,
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          retry,
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // After the others: a whole stack wants the machine for itself.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
