import { duration } from '../../format/time.ts'
import type { Segment } from './segments.ts'

interface Span {
  from: number
  to: number
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400].map(
  (s) => s * 1000,
)
const MOST_TICKS = 6

/** One stage's time. The numbers stand beside it in text, so a screen reader loses nothing. */
export function GanttBar({ segments, span }: { segments: readonly Segment[]; span: Span }) {
  return (
    <svg class="gantt" aria-hidden="true">
      {segments.map(({ phase, from, to }) => (
        <rect key={from} class={phase} x={at(from, span)} width={share(to - from, span)} y="0" height="100%">
          <title>
            {phase} {duration(to - from)}
          </title>
        </rect>
      ))}
    </svg>
  )
}

/** Time since the start of the run. */
export function GanttAxis({ span }: { span: Span }) {
  const length = span.to - span.from
  const step = STEPS_MS.find((ms) => length / ms <= MOST_TICKS) ?? length / MOST_TICKS
  const ticks = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step)
  return (
    <svg class="axis" aria-hidden="true">
      {ticks.map((ms) => (
        <g key={ms}>
          <line x1={share(ms, span)} x2={share(ms, span)} y1="0" y2="5" />
          <text
            x={share(ms, span)}
            y="17"
            text-anchor={ms === 0 ? 'start' : ms / length > 0.93 ? 'end' : 'middle'}
          >
            {ms === 0 ? '0' : axisTime(ms)}
          </text>
        </g>
      ))}
    </svg>
  )
}

function axisTime(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600)
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)}:${seconds % 60}`
  return `${Number((seconds / 3600).toFixed(1))} h`
}

function at(time: number, span: Span): string {
  return share(time - span.from, span)
}

function share(ms: number, { from, to }: Span): string {
  return `${((100 * ms) / (to - from)).toFixed(3)}%`
}
