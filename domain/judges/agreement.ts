import { round } from '../evaluators/source.ts'
import type { JudgeVerdict } from './judge.ts'

/**
 * Several judgements of one row as one: the score is their mean. Their agreement is the share of the most common verdict,
 * for judges that give one of a few, else `1 − (highest score − lowest)`. Reason and evidence are those of the judgement that
 * stands for the others: the first with the most common verdict, or nearest to the mean.
 */
export function combine(verdicts: readonly [JudgeVerdict, ...JudgeVerdict[]]): JudgeVerdict {
  const scores = verdicts.map(({ score }) => score)
  const score = scores.reduce((sum, one) => sum + one, 0) / scores.length
  const common = mostCommon(verdicts.map(({ label }) => label))
  const agreement =
    common.label === undefined
      ? 1 - (Math.max(...scores) - Math.min(...scores))
      : common.count / verdicts.length
  const speaker =
    common.label === undefined
      ? verdicts.reduce((best, one) =>
          Math.abs(one.score - score) < Math.abs(best.score - score) ? one : best,
        )
      : verdicts.find(({ label }) => label === common.label)!
  return {
    ...speaker,
    score: round(score),
    evidence: {
      ...speaker.evidence,
      ...(verdicts.length > 1 ? { agreement: round(agreement), sampleScores: scores.map(round) } : {}),
    },
  }
}

/** The most frequent label, of equally frequent ones the first; undefined where judgements have none. */
function mostCommon(labels: readonly (string | undefined)[]): { label: string | undefined; count: number } {
  const counts = new Map<string | undefined, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  const [label, count] = [...counts].reduce((top, one) => (one[1] > top[1] ? one : top))
  return { label, count }
}
