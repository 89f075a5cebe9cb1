import { exactly } from './evaluators/discrimination.ts'
import { startScoringStack, type Throughput } from './evaluators/throughput.ts'
import type { Bench } from './harness.ts'

const SIZES = [1_000, 10_000, 100_000] as const

/**
 * Six rule evaluators over ever more rows: what a row costs, and the most memory that workerd took. `linear` is the cost
 * of a row of the largest against one of the smallest.
 */
export const evaluatorsScale: Bench = async () => {
  const stack = await startScoringStack()
  try {
    await stack.score(SIZES[0])
    const measured: Throughput[] = []
    for (const rows of SIZES) measured.push(await stack.score(rows))
    const cost = ({ rows, seconds }: Throughput) => seconds / rows
    return {
      ok: true,
      ratios: { linear: exactly(cost(measured.at(-1)!) / cost(measured[0]!)) },
      figures: {
        rss_idle_mb: exactly(stack.idleMb),
        ...Object.fromEntries(
          measured.flatMap(({ rows, seconds, peakMb }) => [
            [`rows_per_s.${rows}`, exactly(rows / seconds)],
            [`rss_mb.${rows}`, exactly(peakMb)],
          ]),
        ),
      },
      notRun: [],
    }
  } finally {
    await stack.stop()
  }
}
