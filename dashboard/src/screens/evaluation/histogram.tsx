import { count } from '../../format/number.ts'

const WIDTH = 120
const HEIGHT = 34
const GAP = 1

/** Rows by twentieth of the scale, with the pass mark as a dashed line: what fails lies left of it. */
export function Histogram({ distribution, passAt }: { distribution: readonly number[]; passAt: number }) {
  const most = Math.max(1, ...distribution)
  const width = WIDTH / distribution.length
  const mark = passAt * WIDTH
  return (
    <svg
      class="histogram"
      role="img"
      aria-label={inWords(distribution)}
      viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
      width={WIDTH}
      height={HEIGHT + 4}
    >
      {distribution.map((rows, bin) => {
        // A bin that is not empty is seen, however many the fullest has.
        const height = rows === 0 ? 0 : Math.max(1.5, (HEIGHT * rows) / most)
        const passes = (bin + 0.5) * width >= mark
        return (
          <rect
            key={bin}
            class={passes ? 'passes' : 'fails'}
            x={bin * width + GAP / 2}
            y={HEIGHT - height}
            width={width - GAP}
            height={height}
          />
        )
      })}
      <line class="base" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      <line class="pass-mark" x1={mark} x2={mark} y1="-2" y2={HEIGHT + 2} />
    </svg>
  )
}

function inWords(distribution: readonly number[]): string {
  const quarter = distribution.length / 4
  const counts = [0, 1, 2, 3].map((part) =>
    distribution.slice(part * quarter, (part + 1) * quarter).reduce((sum, rows) => sum + rows, 0),
  )
  return `Rows by score: ${counts.map((rows, part) => `${part / 4} to ${(part + 1) / 4}: ${count(rows)}`).join(', ')}`
}
