import * as z from 'zod'
import { Name, shortRef } from '../ref.ts'
import { compareMix } from '../statistics/mix.ts'
import { excess, judge, onInconclusive, percent, type Complaint, type Gate } from './gate.ts'

const Params = z.strictObject({
  /** Whose traffic the dataset should look like. */
  route: Name,
  windowDays: z.number().positive().max(90).default(7),
  /** Largest share of the traffic that would have to be in another cohort for dataset and traffic to be alike. */
  maxDivergence: z.number().min(0).max(1).default(0.15),
  /** Largest share of the traffic that may be in cohorts of which the dataset has no row. */
  maxMissingShare: z.number().min(0).max(1).default(0.05),
  minTraces: z.number().int().min(1).default(200),
  /** Of stopping a dataset that has the mix of the traffic. */
  alpha: z.number().positive().max(0.5).default(0.05),
  onInconclusive,
})

export interface MixEvidence {
  dataset: string
  /** Rows of the dataset by cohort. */
  rows: Record<string, number>
  /** Traces in the window by cohort: all but the rarest. */
  traffic: Record<string, number>
  /** Traces in cohorts that `traffic` leaves out. */
  otherTraffic: number
  /** Milliseconds since the epoch. */
  from: number
  to: number
}

/**
 * The dataset has the cohorts of recent traffic, in about the same shares. A difference stops it when it is both larger
 * than `maxDivergence`, so that a year of traffic does not fail on trifles, and more than chance, so that a hundred
 * traces do not fail on noise. Attempts share no error budget here: passing is not what the test has to show.
 */
export const productionShaped: Gate<z.infer<typeof Params>, MixEvidence> = {
  name: 'production-shaped',
  stages: ['ingest', 'features', 'evaluate', 'promote'],
  params: Params,
  evaluate(params, evidence) {
    const rows = new Map(Object.entries(evidence.rows))
    const traffic = new Map(Object.entries(evidence.traffic))
    const traces = sum(traffic.values()) + evidence.otherTraffic
    const seen = `the last ${params.windowDays} days`
    if (sum(rows.values()) === 0) {
      const sentence = `${shortRef(evidence.dataset)} has no rows whose cohorts could be counted.`
      return { verdict: 'not_run', sentence, evidence: { ...evidence } }
    }
    if (traces < params.minTraces) {
      const unclear = `${params.route} had ${traces} traces in ${seen}`
      const doubt = { unclear, rowsNeeded: params.minTraces, what: 'traces' }
      return judge([doubt], '', { ...evidence, traces })
    }
    const mix = compareMix(rows, traffic, params.alpha)
    const absent = [...traffic].filter(([cohort]) => !rows.get(cohort)).toSorted((a, b) => b[1] - a[1])
    const missing = sum(absent.map(([, count]) => count))
    const complaints = [
      excess([missing, traces], params.maxMissingShare, () => describeAbsent(absent, traces, params.route), {
        alpha: params.alpha,
        what: 'traces',
      }),
      diverges(params, mix, describeGap(rows, traffic)),
    ]
    return judge(
      complaints,
      `The cohorts of ${shortRef(evidence.dataset)} are those of ${traces} traces of ${params.route} in ${seen}: the mix differs by ${percent(mix.divergence)}, and ${percent(missing / traces)} of the traffic is in cohorts that it lacks.`,
      {
        ...evidence,
        traces,
        ...mix,
        missingShare: missing / traces,
        absent: absent.map(([cohort]) => cohort),
      },
    )
  },
}

function diverges(
  { maxDivergence, alpha }: z.infer<typeof Params>,
  { divergence, pValue, neededToShow }: ReturnType<typeof compareMix>,
  gap: string,
): Complaint {
  if (divergence <= maxDivergence) return false
  const sentence = `the mix differs by ${percent(divergence)}, and ${percent(maxDivergence)} is allowed; ${gap}`
  if (pValue <= alpha) return sentence
  return { unclear: sentence, rowsNeeded: neededToShow, what: 'traces' }
}

/** Absent cohorts that a sentence names. */
const NAMED = 3

function describeAbsent(absent: readonly [string, number][], traces: number, route: string): string {
  const named = absent
    .slice(0, NAMED)
    .map(([cohort, count], index) =>
      index === 0
        ? `${percent(count / traces)} of the traffic of ${route} is \`${cohort}\``
        : `${percent(count / traces)} is \`${cohort}\``,
    )
  const rest = absent.length > NAMED ? `, with ${absent.length - NAMED} more cohorts` : ''
  return `${named.join(', ')}${rest}, absent from the dataset`
}

/** The cohort whose shares lie furthest apart. */
function describeGap(rows: ReadonlyMap<string, number>, traffic: ReadonlyMap<string, number>): string {
  const [m, n] = [sum(rows.values()), sum(traffic.values())]
  const gaps = [...new Set([...rows.keys(), ...traffic.keys()])].map((cohort) => {
    const [inRows, inTraffic] = [(rows.get(cohort) ?? 0) / m, (traffic.get(cohort) ?? 0) / n]
    return { cohort, inRows, inTraffic, gap: Math.abs(inRows - inTraffic) }
  })
  const { cohort, inRows, inTraffic } = gaps.toSorted((a, b) => b.gap - a.gap)[0]!
  return `\`${cohort}\` is ${percent(inTraffic)} of the traffic and ${percent(inRows)} of the dataset`
}

function sum(counts: Iterable<number>): number {
  let total = 0
  for (const count of counts) total += count
  return total
}
