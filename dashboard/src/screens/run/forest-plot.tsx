import { count, points, score } from '../../format/number.ts'
import { ForestAxis, ForestMark } from './forest-mark.tsx'
import { domainOf, type Forest, type ForestLine, type Outcome } from './forest.ts'

/** Cohorts that are shown before one asks for all. */
const SHOWN_COHORTS = 12

interface ForestPlotProps {
  forest: Forest
  /** What a difference is to. */
  against?: string
  showsAll: boolean
  onAll: (all: boolean) => void
}

/** Estimates with intervals against their limits, one a row, with every number in text beside its mark. */
export function ForestPlot({ forest, against = 'production', showsAll, onAll }: ForestPlotProps) {
  const { lines, measures, confidence } = forest
  const domain = domainOf(forest)
  const overall = lines.filter(({ cohort }) => cohort === null).length
  const shown = showsAll ? lines : lines.slice(0, overall + SHOWN_COHORTS)
  const hasLimits = lines.some(({ limit }) => limit !== null)
  const estimate = measures === 'difference' ? `Difference to ${against}, points` : 'Score'
  return (
    <figure class="forest">
      <table>
        <caption class="hidden">{estimate}, over all rows first, then by cohort, worst first</caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Cohort</th>
            <th scope="col" class="number">
              n
            </th>
            <th scope="col" class="plot" aria-hidden="true">
              <ForestAxis domain={domain} measures={measures} />
            </th>
            <th scope="col" class="number">
              {measures === 'difference' ? 'Points' : 'Score'} [{confidence === null ? '' : `${confidence}% `}
              interval]
            </th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((line) => (
            <tr key={`${line.metric}/${line.cohort}`} class={line.cohort === null ? 'overall' : undefined}>
              <th scope="row">{line.metric}</th>
              <td>{line.cohort ?? 'all rows'}</td>
              <td class="number">
                <span class="unit">n </span>
                {count(line.n)}
              </td>
              <td class="plot">
                <ForestMark line={line} domain={domain} measures={measures} />
              </td>
              <td class="number">{numbers(line, measures)}</td>
              <td class={`outcome ${line.outcome}`}>{outcomeInWords(line)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > overall + SHOWN_COHORTS && (
        <button type="button" class="plain" onClick={() => onAll(!showsAll)}>
          {showsAll ? `Only the worst ${SHOWN_COHORTS} of the cohorts` : `All ${lines.length} lines`}
        </button>
      )}
      <figcaption>
        {measures === 'difference' &&
          `Candidate less ${against} on the same rows. Solid line: no difference. `}
        {hasLimits && LIMIT_IN_WORDS[measures]} ◆ all rows · ● cohort · ■ shown to be{' '}
        {measures === 'difference' ? 'worse' : 'below'} · ○ the data can’t tell. Cohorts are judged with a
        correction for many comparisons (Holm): one may lie beyond its line without being shown to.
      </figcaption>
    </figure>
  )
}

function numbers({ n, value, lower, upper }: ForestLine, measures: Forest['measures']): string {
  if (n === 0 || value === null) return 'no rows'
  const format = measures === 'difference' ? points : score
  return `${format(value)} [${format(lower)}, ${format(upper)}]`
}

const LIMIT_IN_WORDS = {
  difference: 'Dashed: the margin, how much worse it may be.',
  score: 'Dashed: the threshold.',
}

const WORDS: Record<Outcome, string> = {
  better: 'better',
  same: 'no worse',
  worse: 'worse',
  passed: 'passed',
  failed: 'below',
  inconclusive: 'can’t tell',
  not_run: 'not run',
}

function outcomeInWords({ outcome, rowsNeeded }: ForestLine): string {
  const word = WORDS[outcome]
  return outcome === 'inconclusive' && rowsNeeded !== null
    ? `${word}: about ${count(rowsNeeded)} rows would`
    : word
}
