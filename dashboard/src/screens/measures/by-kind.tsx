import { percent } from '../../format/number.ts'
import { duration } from '../../format/time.ts'

interface ByKindProps {
  /** Median time of a stage, in ms. */
  times: Record<string, number | null>
  passRates: Record<string, number | null>
}

/** Stage time and gate pass rate of each kind of stage. */
export function ByKind({ times, passRates }: ByKindProps) {
  const longest = Math.max(1, ...Object.values(times).map((time) => time ?? 0))
  return (
    <div class="card scroll">
      <table class="by-kind">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col" class="number">
              Median time
            </th>
            <th scope="col" aria-hidden="true" />
            <th scope="col" class="number">
              Gate pass rate
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.keys(times).map((kind) => (
            <tr key={kind}>
              <th scope="row">{kind}</th>
              <td class="number">{orNothing(times[kind], duration)}</td>
              <td class="bar" aria-hidden="true">
                <svg>
                  <rect width={`${(100 * (times[kind] ?? 0)) / longest}%`} height="100%" />
                </svg>
              </td>
              <td class="number">{orNothing(passRates[kind], percent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="legend">n/a: nothing to count yet.</p>
    </div>
  )
}

function orNothing(value: number | null | undefined, format: (value: number) => string) {
  return value === null || value === undefined ? <span class="quiet">n/a</span> : format(value)
}
