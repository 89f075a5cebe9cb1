import type { ComparisonLine } from '../../api/evaluation-views.ts'
import type { Shape } from '../../components/icon.tsx'

/** What the comparison comes to, in one sentence: a loss anywhere is told before any gain. */
export function verdictOf(lines: readonly ComparisonLine[]): {
  shape: Shape
  tone: string
  sentence: string
} {
  const named = (outcome: ComparisonLine['outcome'], of = lines) =>
    of.filter((line) => line.outcome === outcome).map(nameOf)
  const overall = lines.filter(({ cohort }) => cohort === null)
  const worse = named('worse')
  if (worse.length > 0) return { shape: 'cross', tone: 'bad', sentence: `Shown to be worse: ${list(worse)}.` }
  const unsure = named('inconclusive', overall)
  if (unsure.length > 0)
    return { shape: 'question', tone: 'unsure', sentence: `Not enough to tell: ${list(unsure)}.` }
  const better = named('better', overall)
  if (better.length === 0)
    return { shape: 'check', tone: 'good', sentence: 'No worse by any metric, and no cohort regressed.' }
  const rest = better.length < overall.length ? ', and no worse by the others' : ''
  return {
    shape: 'up',
    tone: 'good',
    sentence: `Better: ${list(better)}${rest}; no cohort regressed.`,
  }
}

function nameOf({ metric, cohort }: ComparisonLine): string {
  return cohort === null ? metric : `${metric} of ${cohort}`
}

/** Names that are told; the rest are counted. */
const TOLD = 4

function list(names: readonly string[]): string {
  const told = names.slice(0, TOLD).join(', ')
  return names.length > TOLD ? `${told} and ${names.length - TOLD} more` : told
}
