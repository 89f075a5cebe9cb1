import { startLoadGenerator } from './gateway/load-generator.ts'
import { measurePropagation } from './gateway/propagation.ts'
import { measureSpeed } from './gateway/speed.ts'
import { startSystems } from './gateway/systems.ts'
import { figure, type Bench } from './harness.ts'

const DEFAULT_ROUNDS = 4
/** Bounds of what the issue asks: a change of a route is in force after this long everywhere. */
const MAX_PROPAGATION_MS = 2_000

/**
 * What a gateway costs, by the same mock endpoint and in the same minutes: none, a bare pass-through in workerd (the floor:
 * by Hono for JSON, by a plain body for streams), Sluice with all its telemetry, and two others. And how long a change of a
 * route takes to be in force while traffic runs.
 */
export const gateway: Bench = async ({ rounds = DEFAULT_ROUNDS }) => {
  const all = await startSystems()
  const generator = startLoadGenerator()
  try {
    const { ratios, figures, failures } = await measureSpeed(generator, all.systems, rounds)
    const moves = await measurePropagation(generator, all)
    const ms = moves.map((move) => move.ms)
    const failed = moves.reduce((sum, move) => sum + move.failed, 0)
    for (const failure of failures) console.error(`not answered well: ${failure}`)
    return {
      ok:
        failed === 0 &&
        Math.max(...ms) <= MAX_PROPAGATION_MS &&
        !failures.some((one) => one.startsWith('sluice')),
      ratios,
      figures: {
        ...figures,
        propagation_ms: figure([Math.max(...ms)]),
        propagation_failed: figure([failed]),
      },
      notRun: all.notRun,
    }
  } finally {
    await generator.stop()
    await all.stop()
  }
}
