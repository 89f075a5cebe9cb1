import type { RouteTargetView } from '../../api/views.ts'
import { RefText } from '../../components/ref-text.tsx'
import { share as inPercent } from '../../format/number.ts'
import { GatesPassed } from './gates-passed.tsx'
import { TrafficBar } from './traffic-bar.tsx'

const COLUMNS = ['Role', 'Model', 'Gates that let it in']

/** Who answers, who steps in and who listens, and what each of them had to pass. */
export function RouteTargets({ route, targets }: { route: string; targets: RouteTargetView[] }) {
  return (
    <>
      <h3>Who answers</h3>
      <TrafficBar targets={targets} />
      <div class="scroll" role="region" aria-label={`Targets of ${route}`} tabIndex={0}>
        <table class="targets stacked">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {targets.map((target) => (
              <tr key={`${target.role} ${target.id}`}>
                <td>
                  <Role target={target} />
                </td>
                <td class="said">
                  <RefText value={target.model} />
                  <small>{servedBy(target)}</small>
                </td>
                <td class="said">
                  <GatesPassed gates={target.gates} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Role({ target: { role, share } }: { target: RouteTargetView }) {
  if (role === 'fallback') return <span class="quiet">fallback</span>
  return (
    <span class="role">
      {role !== 'shadow' && <span class={`swatch ${role}`} />} {role} <b>{inPercent(share)}</b>
    </span>
  )
}

function servedBy({ servedModel, provider, baseUrl, secret }: RouteTargetView): string {
  const host = provider === 'workers-ai' ? 'Workers AI' : new URL(baseUrl).host
  const dialect = provider === 'anthropic' ? ' (Anthropic)' : ''
  return `${servedModel} at ${host}${dialect}, key in ${secret}`
}
