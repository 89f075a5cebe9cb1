import { BANDS } from './scores.ts'

/** What the tints of a heat map mean. Cells of fewer rows are marked: their intervals are wide. */
export function HeatKeys({ fewRows }: { fewRows: number }) {
  return (
    <p class="legend keys">
      {BANDS.map((band, tint) => (
        <span key={band}>
          <span class={`swatch tint-${tint}`} /> ≥ {band.toFixed(2)}
        </span>
      ))}
      <span>
        <span class={`swatch tint-${BANDS.length}`} /> lower
      </span>
      <span>
        <span class="swatch thin" /> fewer than {fewRows} rows
      </span>
    </p>
  )
}
