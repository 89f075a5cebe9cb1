import { addCopyRate, type ChunkResult, type CopyRate } from '../domain/evaluation/chunk-result.ts'
import { addSums, type CohortSums } from '../domain/evaluation/score.ts'

/** What the chunks that are done add up to. Kept in memory: a report costs as much for the first chunk as for the last. */
export class EvaluationTotals {
  readonly #scores = new Map<string, CohortSums>()
  readonly #copyRates = new Map<string, CopyRate>()
  done = 0
  rows = 0
  reused = 0
  costUsd = 0

  constructor(results: Iterable<Omit<ChunkResult, 'answered'>>) {
    for (const result of results) this.add(result)
  }

  add({ rows, reused, costUsd, scores, copyRates }: Omit<ChunkResult, 'answered'>): void {
    this.done += 1
    this.rows += rows
    this.reused += reused
    this.costUsd += costUsd
    addSums(this.#scores, scores)
    for (const rate of copyRates) addCopyRate(this.#copyRates, rate)
  }

  /** Scores that could not be given, over all metrics. */
  get errors(): number {
    return [...this.#scores.values()].reduce((sum, { errors }) => sum + errors, 0)
  }

  get scores(): CohortSums[] {
    return [...this.#scores.values()]
  }

  get copyRates(): CopyRate[] {
    return [...this.#copyRates.values()]
  }
}
