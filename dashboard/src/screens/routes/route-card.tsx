import { ONCE, useApi } from '../../api/use-api.ts'
import { useReloadOn } from '../../api/use-reload-on.ts'
import type { Incident, Route, RouteInFull } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { Pending } from '../../components/pending.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { counted } from '../../format/number.ts'
import { setQuery } from '../../navigation/place.ts'
import { DeploymentHistory } from './deployment-history.tsx'
import { RouteSettings } from './route-settings.tsx'
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
  const full = useApi<RouteInFull>(`/routes/${encodeURIComponent(route)}`, ONCE)
  useReloadOn(String(epoch), full.reload)
  return (
    <section class="card route" aria-labelledby={`route-${route}`}>
      <header>
        <h2 id={`route-${route}`}>{route}</h2>
        <RefText value={version} />
        <small>
          since <Moment at={activatedAt} />
        </small>
        {spec.canary && (
          <button type="button" onClick={() => setQuery({ canary: route })}>
            <Icon shape="half" /> Step the canary…
          </button>
        )}
        <button type="button" disabled={previous === null} onClick={() => setQuery({ rollback: route })}>
          <Icon shape="back" /> Roll back…
        </button>
      </header>
      <Incidents incidents={incidents} />
      <Pending of={full} />
      {full.data && (
        <>
          <RouteTargets route={route} targets={full.data.targets} />
          <RouteSettings route={full.data} />
        </>
      )}
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
