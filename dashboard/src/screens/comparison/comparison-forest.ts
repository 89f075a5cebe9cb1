import type { ComparisonLine } from '../../api/evaluation-views.ts'
import { worstFirst, type Forest, type ForestLine } from '../run/forest.ts'

/** Each bound is one-sided at 0.05, the API's own default. */
const CONFIDENCE = 90

/** Lines as the forest plot draws them: over all rows, or by cohort, what is shown to be worse first, then by lower bound. */
export function comparisonForest(lines: readonly ComparisonLine[], by: 'metric' | 'cohort'): Forest {
  const wanted = lines.filter(({ cohort }) => (cohort === null) === (by === 'metric')).map(forestLine)
  return {
    measures: 'difference',
    lines: by === 'metric' ? wanted : wanted.toSorted(worstFirst),
    confidence: CONFIDENCE,
  }
}

function forestLine(line: ComparisonLine): ForestLine {
  const { metric, cohort, n, difference, lower, upper, margin, outcome, rowsNeeded } = line
  return {
    metric,
    cohort,
    n,
    outcome,
    rowsNeeded,
    value: n === 0 ? null : difference,
    // A bound that is not finite comes as null: the line then has none on that side.
    lower: lower ?? difference ?? 0,
    upper: upper ?? difference ?? 0,
    limit: -margin,
  }
}
