import { percent } from '../gates/gate.ts'

export const TREND_WEEKS = 8
export const WEEK_MS = 7 * 86_400_000

/** Verdicts of automatic gates in one week; `age` counts weeks back from now, 0 for the last seven days. */
export interface WeekCount {
  age: number
  verdicts: number
  waived: number
}

export interface WaiverTrend {
  /** Oldest first. `rate` is null where there is no verdict. */
  weeks: { from: number; to: number; verdicts: number; waived: number; rate: number | null }[]
  sentence: string
}

/** The share of verdicts that were waived, a week, with what it was counted from. */
export function waiverTrend(counts: readonly WeekCount[], now: number): WaiverTrend {
  const weeks = Array.from({ length: TREND_WEEKS }, (_, index) => {
    const age = TREND_WEEKS - 1 - index
    const { verdicts, waived } = counts.find((each) => each.age === age) ?? { verdicts: 0, waived: 0 }
    return {
      from: now - (age + 1) * WEEK_MS,
      to: now - age * WEEK_MS,
      verdicts,
      waived,
      rate: rate(waived, verdicts),
    }
  })
  const half = TREND_WEEKS / 2
  const [before, lately] = [weeks.slice(0, half), weeks.slice(half)].map(share) as [string, string]
  return {
    weeks,
    sentence: `In the last ${half} weeks ${lately} were waived; in the ${half} weeks before, ${before}.`,
  }
}

function rate(waived: number, verdicts: number): number | null {
  return verdicts === 0 ? null : waived / verdicts
}

function share(weeks: WaiverTrend['weeks']): string {
  const verdicts = weeks.reduce((sum, week) => sum + week.verdicts, 0)
  const waived = weeks.reduce((sum, week) => sum + week.waived, 0)
  return verdicts === 0
    ? '0 of 0 verdicts'
    : `${waived} of ${verdicts} verdicts (${percent(waived / verdicts)})`
}
