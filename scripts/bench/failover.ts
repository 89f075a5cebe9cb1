import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startStack } from '../stack/stack.ts'
import { startProvider, type Provider } from './failover/provider-process.ts'
import { printVerdicts, type Row } from './failover/report.ts'
import { HEALTHY, runScenario } from './failover/run-scenario.ts'
import { fallbackModel, SCENARIOS, type Scenario } from './failover/scenarios.ts'
import { direct, portkey, sluice, type System } from './failover/systems.ts'
import { VERDICTS, verdictOf } from './failover/verdict.ts'
import { figure, type Bench, type Figure } from './harness.ts'
import { startPortkey } from './peers/portkey.ts'

/** A route that sends no answer before it is whole is what the headline is of. */
const HEADLINE = 'complete'
const APART_MS = 3_000

/**
 * The sixteen scenarios of the public FailoverBench catalogue, by Sluice with and without `commit: complete`, by Portkey, and
 * without a gateway: the last two have published scores, which show whether the script judges as the catalogue does.
 */
export const failover: Bench = async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const provider = await startProvider()
  const [stack, peer] = await Promise.all([
    startStack({ stateDir, log: () => undefined, dashboard: false }),
    startPortkey(),
  ])
  try {
    const systems = [
      ...(await sluiceTwice(provider, { url: stack.url, key: stack.settings.adminKey })),
      ...('notRun' in peer ? [] : [portkey(provider, peer)]),
      direct(provider),
    ]
    const rows = await runAll(systems, provider)
    printVerdicts(rows, systems)
    const figures = countsOf(rows, systems)
    return {
      ok: figures.fail!.median === 0 && figures.stream_fail!.median === 0,
      ratios: {},
      figures,
      notRun: 'notRun' in peer ? [peer.notRun] : [],
    }
  } finally {
    await provider.stop()
    if ('stop' in peer) peer.stop()
    await stack.stop()
    rmSync(stateDir, { recursive: true, force: true })
  }
}

async function sluiceTwice(provider: Provider, access: { url: string; key: string }): Promise<System[]> {
  const pairs = [
    HEALTHY,
    ...SCENARIOS.map((scenario) => ({ primary: scenario.model, fallback: fallbackModel(scenario) })),
  ]
  return Promise.all(
    (['complete', 'first'] as const).map((commit) => sluice(provider, access, commit, pairs)),
  )
}

/**
 * All beside each other, the long ones first: they share no model. They begin apart, as in the catalogue, where they run one
 * after the other: what a system counts over all its requests (a budget for retries) is not to tie one to the next.
 */
async function runAll(systems: readonly System[], provider: Provider): Promise<Row[]> {
  const order = SCENARIOS.toSorted((a, b) => lengthOf(b) - lengthOf(a))
  return Promise.all(
    SCENARIOS.map(async (scenario) => {
      await sleep(order.indexOf(scenario) * APART_MS)
      const verdicts = await Promise.all(
        systems.map(async (system) =>
          verdictOf(scenario, await runScenario(scenario, system, provider), system.hasFallback),
        ),
      )
      return { scenario, verdicts }
    }),
  )
}

function lengthOf({ sequence, maxSeconds }: Scenario): number {
  return maxSeconds + (sequence ? (sequence.count * sequence.everyMs) / 1000 : 0)
}

function countsOf(rows: readonly Row[], systems: readonly System[]): Record<string, Figure> {
  return Object.fromEntries(
    systems.flatMap(({ name }, i) =>
      VERDICTS.map((verdict) => {
        const count = rows.filter(({ verdicts }) => verdicts[i]!.verdict === verdict).length
        return [name === HEADLINE ? verdict : `${name}_${verdict}`, figure([count])]
      }),
    ),
  )
}
