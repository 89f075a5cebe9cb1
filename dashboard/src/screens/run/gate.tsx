import { APPROVAL_GATE } from '../../../../domain/run/state.ts'
import type { GateView } from '../../api/views.ts'
import { KeyValues } from '../../components/key-values.tsx'
import { Moment } from '../../components/moment.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { ForestPlot } from './forest-plot.tsx'
import { forestOf } from './forest.ts'

interface GateProps {
  gate: GateView
  isOpen: boolean
  showsAll: boolean
  onToggle: (open: boolean) => void
  onAll: (all: boolean) => void
  /** Called when the reader wants the gate to be waived. */
  onWaive: () => void
}

/** A verdict, the sentence that says why, and the numbers behind it. */
export function Gate({ gate, isOpen, showsAll, onToggle, onAll, onWaive }: GateProps) {
  const { gate: name, verdict, blocks, sentence, evidence, at } = gate
  const forest = forestOf(gate)
  const rest = restOf(evidence, forest !== null)
  return (
    <article class="gate" aria-label={`Gate ${name}`}>
      <header>
        <h4>{name}</h4>
        <StatusMark status={verdict} />
        {at !== null && <small>{consequence(gate)}</small>}
        {at !== null && blocks && name !== APPROVAL_GATE && (
          <button type="button" class="plain waive" onClick={onWaive}>
            Waive this gate…
          </button>
        )}
      </header>
      {at !== null && <p class="sentence">{sentence}</p>}
      {evidence && (
        <details
          open={isOpen}
          onToggle={(event) => {
            if (event.currentTarget.open !== isOpen) onToggle(event.currentTarget.open)
          }}
        >
          <summary>
            Evidence <small>{at !== null && <Moment at={at} />}</small>
          </summary>
          {forest && <ForestPlot forest={forest} showsAll={showsAll} onAll={onAll} />}
          {Object.keys(rest).length > 0 && <KeyValues value={rest} />}
          {gate.params && Object.keys(gate.params).length > 0 && (
            <>
              <h5>Parameters</h5>
              <KeyValues value={gate.params} />
            </>
          )}
        </details>
      )}
    </article>
  )
}

function consequence({ blocks, verdict }: GateView): string {
  if (blocks) return 'stops the stage'
  if (verdict === 'waived') return 'passed by a waiver'
  return verdict === 'passed' ? '' : 'its policy lets it pass'
}

/** What the plot does not show. Links lead into the API, for programs: inputs and outputs stand beside the stage. */
function restOf(evidence: GateView['evidence'], isPlotted: boolean): Record<string, unknown> {
  const { lines, links: _, ...rest } = evidence ?? {}
  return isPlotted || lines === undefined ? rest : { ...rest, lines }
}
