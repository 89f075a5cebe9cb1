import { setQuery } from '../../navigation/place.ts'
import type { RowFilter } from './row-filter.ts'

interface RowFiltersProps {
  filter: RowFilter
  metrics: readonly string[]
  cohorts: readonly string[]
}

const SHOW = { all: 'all rows', failed: 'below the pass mark', errors: 'not scored' } as const

/** Narrows the rows down; the address keeps it. */
export function RowFilters({ filter: { metric, cohort, show }, metrics, cohorts }: RowFiltersProps) {
  const isNarrow = metric !== null || cohort !== null || show !== 'all'
  return (
    <div class="filters">
      <Choice name="metric" label="Metric" none="any metric" value={metric} options={metrics} />
      <Choice name="cohort" label="Cohort" none="all cohorts" value={cohort} options={cohorts} />
      <span>
        <label for="filter-show">Show</label>{' '}
        <select
          id="filter-show"
          value={show}
          onChange={(event) =>
            setQuery({
              show: event.currentTarget.value === 'all' ? null : event.currentTarget.value,
              rows: null,
            })
          }
        >
          {Object.entries(SHOW).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </span>
      {isNarrow && (
        <button
          type="button"
          class="plain"
          onClick={() => setQuery({ metric: null, cohort: null, show: null, rows: null })}
        >
          Clear filters
        </button>
      )}
    </div>
  )
}

interface ChoiceProps {
  name: string
  label: string
  none: string
  value: string | null
  options: readonly string[]
}

function Choice({ name, label, none, value, options }: ChoiceProps) {
  // What the address names stands among the options, even where nothing has it.
  const all = value === null || options.includes(value) ? options : [...options, value]
  return (
    <span>
      <label for={`filter-${name}`}>{label}</label>{' '}
      <select
        id={`filter-${name}`}
        value={value ?? ''}
        onChange={(event) => setQuery({ [name]: event.currentTarget.value || null, rows: null })}
      >
        <option value="">{none}</option>
        {all.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </span>
  )
}
