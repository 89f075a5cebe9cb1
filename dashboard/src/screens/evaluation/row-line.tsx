import type { RowScores } from '../../api/evaluation-views.ts'
import { setQuery } from '../../navigation/place.ts'
import { ScoreChip } from './score-chip.tsx'

const SHOWN_CHARS = 280

interface RowLineProps {
  row: RowScores
  /** The metric that is looked at; the lowest of the row when null. */
  metric: string | null
  passMarks: ReadonlyMap<string, number>
}

/** A row as the list shows it: the answer, its scores, and why the lowest is so low. */
export function RowLine({ row, metric, passMarks }: RowLineProps) {
  const { rowId, cohort, response, scores } = row
  const named = metric !== null && scores[metric] ? metric : lowestOf(scores)
  const reason = named === undefined ? undefined : scores[named]!
  return (
    <li>
      <header>
        <button
          type="button"
          class="plain row-id"
          aria-label={`Open the row ${rowId}`}
          onClick={() => setQuery({ row: rowId })}
        >
          {rowId}
        </button>
        <small>{cohort}</small>
      </header>
      <p class="answer">{response === undefined ? <span class="quiet">no answer</span> : cut(response)}</p>
      <p class="score-chips">
        {Object.entries(scores).map(([name, result]) => (
          <ScoreChip key={name} metric={name} result={result} passAt={passMarks.get(name)} />
        ))}
      </p>
      {reason && (
        <p class="reason">
          <b>{named}:</b> {'error' in reason ? reason.error : reason.reason}
        </p>
      )}
    </li>
  )
}

function cut(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS).trimEnd()}…` : text
}

function lowestOf(scores: RowScores['scores']): string | undefined {
  const rank = (name: string) => {
    const result = scores[name]!
    return 'error' in result ? 2 : result.score
  }
  return Object.keys(scores).toSorted((a, b) => rank(a) - rank(b))[0]
}
