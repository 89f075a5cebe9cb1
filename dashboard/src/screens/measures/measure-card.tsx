import type { Measure } from '../../../../domain/measures/measures.ts'
import { count, counted, percent, plainNumber } from '../../format/number.ts'
import { duration } from '../../format/time.ts'

interface MeasureCardProps {
  name: string
  measure: Measure
  /** What the numerator and the denominator count, in the singular. */
  of: [numerator: string, denominator: string]
}

/** One measure: the value, what it means, and what it was counted from. */
export function MeasureCard({ name, measure, of }: MeasureCardProps) {
  const { value, unit, definition } = measure
  return (
    <section class="card measure" aria-label={name}>
      <h2>{name}</h2>
      {value === null ? (
        <p class="value none">
          n/a <small>nothing to count yet</small>
        </p>
      ) : (
        <p class="value">
          {valueText(value, unit)} <small>{UNITS[unit]}</small>
        </p>
      )}
      <p class="from">{countedFrom(measure, of)}</p>
      <p class="quiet">{definition}</p>
    </section>
  )
}

const UNITS: Record<Measure['unit'], string> = {
  ms: 'median',
  share: '',
  per_week: 'deployments a week',
  evaluators: 'evaluators at least',
}

function valueText(value: number, unit: Measure['unit']): string {
  if (unit === 'ms') return duration(value)
  if (unit === 'share') return percent(value)
  return plainNumber(Number(value.toFixed(1)))
}

function countedFrom(
  { unit, numerator, denominator }: Measure,
  [top, bottom]: MeasureCardProps['of'],
): string {
  if (unit === 'share') return `${count(numerator)} ${top} of ${counted(denominator, bottom)}`
  if (unit === 'per_week') return `${counted(numerator, top)} in ${plainNumber(denominator)} weeks`
  if (unit === 'ms') return `${counted(numerator, top)} of ${counted(denominator, bottom)}`
  return `over ${counted(denominator, bottom)}`
}
