import { setTimeout as sleep } from 'node:timers/promises'
import { isWhole } from './answer.ts'
import { ask, type Seen } from './caller.ts'
import type { Evidence } from './checks.ts'
import type { Provider } from './provider-process.ts'
import { fallbackModel, type Scenario } from './scenarios.ts'
import type { Models, System } from './systems.ts'

/** Models without any fault: what is asked for to see whether a system still works. */
export const HEALTHY: Models = { primary: 'healthy', fallback: 'healthy-too' }
const PROBE_SECONDS = 10

/** Puts a system through a scenario, and collects what the caller and the provider saw. */
export async function runScenario(scenario: Scenario, system: System, provider: Provider): Promise<Evidence> {
  const { model: primary, sequence = { count: 1, everyMs: 0 }, maxSeconds } = scenario
  const fallback = fallbackModel(scenario)
  await Promise.all([primary, fallback].map((model) => provider.begin(system.name, model)))
  const asking = system.asking({ primary, fallback })
  const beganAt = performance.now()
  const sentAtMs: number[] = []
  const asked: Promise<Seen>[] = []
  for (let i = 0; i < sequence.count; i++) {
    await sleep(Math.max(0, beganAt + i * sequence.everyMs - performance.now()))
    sentAtMs.push(performance.now() - beganAt)
    asked.push(ask(asking, maxSeconds))
  }
  const seen = await Promise.all(asked)
  const needsProbe = scenario.checks.some((check) => check.needsProbe)
  return {
    seen,
    sentAtMs,
    primary: await provider.log(system.name, primary),
    fallback: await provider.log(system.name, fallback),
    fallbackModel: fallback,
    aliveAfter: !needsProbe || (await isAlive(system)),
  }
}

async function isAlive(system: System): Promise<boolean> {
  const { outcome, text } = await ask(system.asking(HEALTHY), PROBE_SECONDS)
  return outcome === 'answered' && isWhole(text)
}
