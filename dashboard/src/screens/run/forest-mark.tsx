import type { Forest, ForestLine } from './forest.ts'

interface Domain {
  from: number
  to: number
}

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5]
const MOST_TICKS = 6

/** One estimate with its interval, its limit dashed, and zero where it is a difference. */
export function ForestMark({
  line,
  domain,
  measures,
}: {
  line: ForestLine
  domain: Domain
  measures: Forest['measures']
}) {
  const { n, value, lower, upper, limit, outcome } = line
  return (
    <svg class="forest-mark" aria-hidden="true">
      {measures === 'difference' && (
        <line class="zero" x1={at(0, domain)} x2={at(0, domain)} y1="0" y2="100%" />
      )}
      {limit !== null && (
        <line class="limit" x1={at(limit, domain)} x2={at(limit, domain)} y1="0" y2="100%" />
      )}
      {n > 0 && value !== null && (
        <g class={outcome}>
          <line class="interval" x1={at(lower, domain)} x2={at(upper, domain)} y1="50%" y2="50%" />
          <svg x={at(value, domain)} y="50%" overflow="visible">
            {shape(line)}
          </svg>
        </g>
      )}
    </svg>
  )
}

/** Centred on the origin. */
function shape({ cohort, outcome }: ForestLine) {
  const isBad = outcome === 'worse' || outcome === 'failed'
  const hollow = outcome === 'inconclusive' ? 'hollow' : undefined
  if (cohort === null) return <path class={hollow} d="M0-7 7 0 0 7-7 0z" />
  if (isBad) return <rect x="-5" y="-5" width="10" height="10" />
  return <circle class={hollow} r="4.5" />
}

export function ForestAxis({ domain, measures }: { domain: Domain; measures: Forest['measures'] }) {
  const step = STEPS.find((size) => (domain.to - domain.from) / size <= MOST_TICKS) ?? 1
  const first = Math.ceil(domain.from / step)
  const last = Math.floor(domain.to / step)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  return (
    <svg class="axis" aria-hidden="true">
      {ticks.map((value) => (
        <g key={value}>
          <text x={at(value, domain)} y="12" text-anchor="middle">
            {measures === 'difference' ? signed(value) : Number(value.toFixed(2))}
          </text>
          <line x1={at(value, domain)} x2={at(value, domain)} y1="16" y2="20" />
        </g>
      ))}
    </svg>
  )
}

function signed(difference: number): string {
  const whole = Math.round(difference * 100)
  return whole === 0 ? '0' : `${whole > 0 ? '+' : '−'}${Math.abs(whole)}`
}

function at(value: number, { from, to }: Domain): string {
  return `${((100 * (value - from)) / (to - from)).toFixed(2)}%`
}
