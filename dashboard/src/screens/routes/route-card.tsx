import type { Incident, Route } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { duration } from '../../format/time.ts'
import { counted } from '../../format/number.ts'
import { setQuery } from '../../navigation/place.ts'
import { DeploymentHistory } from './deployment-history.tsx'
import { RouteTargets } from './route-targets.tsx'

interface RouteCardProps {
  route: Route
  epoch: number
  /** Open incidents of the route; undefined until they are known. */
  incidents: Incident[] | undefined
}

export function RouteCard({
  route: { route, version, previous, activatedAt, spec },
  epoch,
  incidents,
}: RouteCardProps) {
  return (
    <section class="card route" aria-labelledby={`route-${route}`}>
      <header>
        <h2 id={`route-${route}`}>{route}</h2>
        <RefText value={version} />
        <small>
          since <Moment at={activatedAt} />
        </small>
        <button type="button" disabled={previous === null} onClick={() => setQuery({ rollback: route })}>
          <Icon shape="back" /> Roll back…
        </button>
      </header>
      <Incidents incidents={incidents} />
      <RouteTargets targets={spec.targets} />
      <dl class="facts">
        <div>
          <dt>Prompt</dt>
          <dd>
            <RefText value={spec.prompt} />
          </dd>
        </div>
        <div>
          <dt>A rollback goes to</dt>
          <dd>
            {previous === null ? <span class="quiet">nothing before it</span> : <RefText value={previous} />}
          </dd>
        </div>
        <div>
          <dt>Timeouts</dt>
          <dd>
            {duration(spec.timeouts.headersMs)} to the first byte, {duration(spec.timeouts.totalMs)} in all
          </dd>
        </div>
      </dl>
      <DeploymentHistory route={route} version={version} epoch={epoch} />
    </section>
  )
}

function Incidents({ incidents }: { incidents: Incident[] | undefined }) {
  if (!incidents) return null
  if (incidents.length === 0) {
    return (
      <p class="mark good">
        <Icon shape="check" /> no open incident
      </p>
    )
  }
  return (
    <div class="notice bad">
      <Icon shape="cross" />
      <div>
        <strong>{counted(incidents.length, 'open incident')}</strong>
        <ul>
          {incidents.map(({ incidentId, cohort, sentence, openedAt, routeVersion }) => (
            <li key={incidentId}>
              <b>{cohort}</b>: {sentence}{' '}
              <small>
                since <Moment at={openedAt} />, on <RefText value={routeVersion} />
              </small>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
