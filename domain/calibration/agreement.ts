/** How predictions and labels meet: counts of rows. */
export interface Confusion {
  truePositives: number
  falsePositives: number
  trueNegatives: number
  falseNegatives: number
}

export function confusionOf(rows: Iterable<readonly [predicted: boolean, good: boolean]>): Confusion {
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 }
  for (const [predicted, good] of rows) {
    if (good) counts[predicted ? 'truePositives' : 'falseNegatives'] += 1
    else counts[predicted ? 'falsePositives' : 'trueNegatives'] += 1
  }
  return counts
}

/** Share of rows on which both say the same. */
export function agreement(counts: Confusion): number {
  return (counts.truePositives + counts.trueNegatives) / total(counts)
}

/**
 * Agreement beyond chance, `(p_o − p_e) / (1 − p_e)` (Cohen 1960, Educational and Psychological Measurement 20:37): 1 is
 * perfect, 0 is what chance gives. NaN when both say one thing of every row.
 */
export function cohensKappa(counts: Confusion): number {
  const n = total(counts)
  const predicted = (counts.truePositives + counts.falsePositives) / n
  const good = (counts.truePositives + counts.falseNegatives) / n
  const byChance = predicted * good + (1 - predicted) * (1 - good)
  return byChance === 1 ? Number.NaN : (agreement(counts) - byChance) / (1 - byChance)
}

/** Mean of the shares of good rows and of bad rows that are told right. NaN without rows of both. */
export function balancedAccuracy(counts: Confusion): number {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = counts
  return (
    (truePositives / (truePositives + falseNegatives) + trueNegatives / (trueNegatives + falsePositives)) / 2
  )
}

function total(counts: Confusion): number {
  return counts.truePositives + counts.falsePositives + counts.trueNegatives + counts.falseNegatives
}
