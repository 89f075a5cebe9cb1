import type { StageView } from '../../api/views.ts'
import { KeyValues } from '../../components/key-values.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { setQuery } from '../../navigation/place.ts'
import { Gate } from './gate.tsx'
import { StageEvaluations } from './stage-evaluations.tsx'
import { StageOrigin } from './stage-origin.tsx'

/** A stage's gates, and what went in and came out. */
export function StageSection({ stage, query }: { stage: StageView; query: URLSearchParams }) {
  const { stage: name, kind, owner, attempt, needs, gates, error, inputs, outputs } = stage
  return (
    <section class="card stage" id={`stage-${name}`} aria-labelledby={`title-${name}`}>
      <header>
        <h3 id={`title-${name}`}>{name}</h3>
        <StatusMark status={stage.status} />
        <small>
          {name !== kind && `${kind} · `}
          {owner}
          {attempt === 0 ? notStarted(stage) : ` · attempt ${attempt}`}
          {needs.length > 0 && ` · after ${needs.join(', ')}`}
        </small>
      </header>
      <StageOrigin stage={stage} />
      <StageEvaluations stage={stage} />
      {error && (
        <p class="error">
          {error.message} <small>{error.code}</small>
        </p>
      )}
      {gates.length === 0 && <p class="quiet">No gate stands on this stage.</p>}
      {gates.map((gate) => (
        <Gate
          key={gate.gate}
          gate={gate}
          isOpen={isOpen(query, name, gate.gate, gate.blocks && gate.at !== null)}
          showsAll={query.get('all') === `${name}.${gate.gate}`}
          onToggle={(open) => setQuery({ [toggleName(name, gate.gate)]: open ? 'open' : 'shut' })}
          onWaive={() => setQuery({ waive: `${name}.${gate.gate}` })}
          onAll={(all) => setQuery({ all: all ? `${name}.${gate.gate}` : null })}
        />
      ))}
      {Object.keys({ ...inputs, ...outputs }).length > 0 && (
        <details
          open={isOpen(query, name, 'io', false)}
          onToggle={(event) => keep(query, name, event.currentTarget.open)}
        >
          <summary>Inputs and outputs</summary>
          <div class="io">
            <h4>Inputs</h4>
            <KeyValues value={inputs} />
            <h4>Outputs</h4>
            <KeyValues value={outputs} />
          </div>
        </details>
      )}
    </section>
  )
}

function notStarted({ status }: StageView): string {
  return status === 'cached' || status === 'skipped' ? '' : ' · not started'
}

function keep(query: URLSearchParams, stage: string, open: boolean): void {
  if (open !== isOpen(query, stage, 'io', false))
    setQuery({ [toggleName(stage, 'io')]: open ? 'open' : null })
}

function isOpen(query: URLSearchParams, stage: string, part: string, otherwise: boolean): boolean {
  const kept = query.get(toggleName(stage, part))
  return kept === null ? otherwise : kept === 'open'
}

/** Name of the address's parameter that says whether a part of the stage is open. */
function toggleName(stage: string, part: string): string {
  return `${stage}.${part}`
}
