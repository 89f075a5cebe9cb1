import { useApi } from '../../api/use-api.ts'
import type { IncidentPage, RoutePage } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { setQuery } from '../../navigation/place.ts'
import { CanaryDialog } from './canary-dialog.tsx'
import { RollbackDialog } from './rollback-dialog.tsx'
import { RouteCard } from './route-card.tsx'

const REFRESH_MS = 5_000

/** What answers product services right now, what did before, and the way back. */
export function RoutesScreen({ query }: { query: URLSearchParams }) {
  const routes = useApi<RoutePage>('/routes', () => REFRESH_MS)
  const incidents = useApi<IncidentPage>('/incidents?state=open', () => REFRESH_MS)
  const named = (parameter: string) => routes.data?.routes.find(({ route }) => route === query.get(parameter))
  const [toRollBack, toStep] = [named('rollback'), named('canary')]
  return (
    <>
      <h1>Routes</h1>
      <Pending of={routes} />
      {incidents.problem && <Pending of={incidents} />}
      {routes.data?.routes.length === 0 && (
        <section class="card empty">
          <h2>No route yet</h2>
          <p>
            A route is the name that product services call. The deploy stage of a run makes its first version:
          </p>
          <dl class="commands">
            <dd>
              <code>npm run demo -- --keep</code>
            </dd>
          </dl>
        </section>
      )}
      {routes.data?.routes.map((route) => (
        <RouteCard
          key={route.route}
          route={route}
          epoch={routes.data!.epoch}
          incidents={incidents.data?.incidents.filter((incident) => incident.route === route.route)}
        />
      ))}
      {toStep && (
        <CanaryDialog
          key={toStep.route}
          route={toStep}
          onClose={() => setQuery({ canary: null })}
          onDone={routes.reload}
        />
      )}
      {toRollBack && (
        <RollbackDialog
          key={toRollBack.route}
          route={toRollBack}
          onClose={() => setQuery({ rollback: null })}
          onDone={routes.reload}
        />
      )}
    </>
  )
}
