/** The scores of one trace (or conversation), which are not independent of each other: what a sample is drawn of. */
export interface Cluster {
  /** Sum of its scores, each in [0, 1]. */
  sum: number
  /** How many scores it has: at least 1. */
  size: number
}

/** Scores by the trace that they are of: one cluster a trace, in the order of its first score. */
export function clustersOf(rows: Iterable<{ readonly trace: string; readonly score: number }>): Cluster[] {
  const clusters = new Map<string, Cluster>()
  for (const { trace, score } of rows) {
    const cluster = clusters.get(trace) ?? { sum: 0, size: 0 }
    clusters.set(trace, cluster)
    cluster.sum += score
    cluster.size += 1
  }
  return [...clusters.values()]
}

/** Number of scores, not of clusters. */
export function rowsOf(clusters: readonly Cluster[]): number {
  return clusters.reduce((total, { size }) => total + size, 0)
}

/** Mean of the scores: a long trace counts as much as it has scores. 0 without any. */
export function meanOf(clusters: readonly Cluster[]): number {
  const rows = rowsOf(clusters)
  return rows === 0 ? 0 : clusters.reduce((total, { sum }) => total + sum, 0) / rows
}

/**
 * How far a mean of [0, 1] lies above `limit` in each cluster, weighted by its share of the largest cluster: at most
 * `1 − limit`, and 0 on average where the mean of all scores is the limit.
 */
export function excesses(clusters: readonly Cluster[], limit: number): number[] {
  const largest = clusters.reduce((most, { size }) => Math.max(most, size), 1)
  return clusters.map(({ sum, size }) => (sum - size * limit) / largest)
}
