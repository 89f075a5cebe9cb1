import type { GateView } from '../../api/views.ts'

/** An estimate with its interval, against the limit that judges it. */
export interface ForestLine {
  metric: string
  /** Null over all rows. */
  cohort: string | null
  n: number
  /** Null where there was no row to measure. */
  value: number | null
  lower: number
  upper: number
  /** The value that the gate holds the line against; null where the gate did not say. */
  limit: number | null
  outcome: Outcome
  /** Rows with which the data could tell. */
  rowsNeeded: number | null
}

export type Outcome = 'better' | 'same' | 'worse' | 'passed' | 'failed' | 'inconclusive' | 'not_run'

export interface Forest {
  /** `difference` to production, or `score`. */
  measures: 'difference' | 'score'
  /** Over all rows first, then cohorts, worst first. */
  lines: ForestLine[]
  /** Coverage of the two-sided intervals, in percent; null where the gate did not say. */
  confidence: number | null
}

type Fields = Record<string, unknown>

/** The evidence of a gate that compares estimates with limits; nothing for other gates. */
export function forestOf({ gate, evidence, params }: GateView): Forest | null {
  const raw = evidence?.lines
  if (!Array.isArray(raw) || raw.length === 0) return null
  const measures = gate === 'no-regression' ? 'difference' : 'score'
  const lines = (raw as Fields[]).map((line) =>
    measures === 'difference' ? ofDifference(line, params) : ofScore(line),
  )
  const overall = lines.filter(({ cohort }) => cohort === null)
  const cohorts = lines.filter(({ cohort }) => cohort !== null).toSorted(worstFirst)
  // Each bound is one-sided at alpha.
  const confidence = typeof params?.alpha === 'number' ? Math.round(100 * (1 - 2 * params.alpha)) : null
  return { measures, lines: [...overall, ...cohorts], confidence }
}

function ofDifference(line: Fields, params: GateView['params']): ForestLine {
  const margin = params?.[line.cohort === null ? 'margin' : 'cohortMargin']
  return {
    ...common(line),
    value: estimate(line, line.difference),
    limit: typeof margin === 'number' ? -margin : null,
  }
}

function ofScore(line: Fields): ForestLine {
  return { ...common(line), value: estimate(line, line.mean), limit: numeric(line.threshold) }
}

function common(line: Fields) {
  return {
    metric: String(line.metric),
    cohort: line.cohort === null ? null : String(line.cohort),
    n: numeric(line.n) ?? 0,
    lower: numeric(line.lower) ?? 0,
    upper: numeric(line.upper) ?? 0,
    outcome: (line.outcome ?? line.verdict) as Outcome,
    rowsNeeded: numeric(line.rowsNeeded),
  }
}

/** What is no number is not shown as one. */
/** Without a row there is nothing to estimate from. */
function estimate({ n }: Record<string, unknown>, value: unknown): number | null {
  return n === 0 ? null : numeric(value)
}

function numeric(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

const SEVERITY: Record<Outcome, number> = {
  worse: 0,
  failed: 0,
  not_run: 1,
  inconclusive: 2,
  same: 3,
  passed: 3,
  better: 4,
}

/** What was shown to be bad, then by how far the interval's lower end is from the limit. */
export function worstFirst(a: ForestLine, b: ForestLine): number {
  return SEVERITY[a.outcome] - SEVERITY[b.outcome] || a.lower - (a.limit ?? 0) - (b.lower - (b.limit ?? 0))
}

/** Values that the plot has to show, with a little room. */
export function domainOf({ lines, measures }: Forest): { from: number; to: number } {
  const values = lines.flatMap(({ lower, upper, limit, n }) => [
    ...(n === 0 ? [] : [lower, upper]),
    limit ?? lower,
  ])
  const from = Math.min(...values, ...(measures === 'difference' ? [0] : []))
  const to = Math.max(...values, ...(measures === 'difference' ? [0] : []))
  const room = Math.max(0.01, (to - from) * 0.06)
  return { from: from - room, to: to + room }
}
