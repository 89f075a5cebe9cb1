import { useEffect, useRef } from 'preact/hooks'
import { ONCE, useApi } from '../../api/use-api.ts'
import type { Deployment, DeploymentPage } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { Pending } from '../../components/pending.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { shortVersion } from '../../format/ref.ts'
import { Link } from '../../navigation/link.tsx'

const COLUMNS = ['When', 'What', 'Version', 'Before', 'Who', 'Why', 'Epoch']

/** The lineage database is told of a move a moment after the route has moved. */
const TOLD_AFTER_MS = 1_500

/** Who pointed the route where, when and why; newest first. Read again whenever the route has moved. */
export function DeploymentHistory({
  route,
  version,
  epoch,
}: {
  route: string
  version: string
  epoch: number
}) {
  const answered = useApi<DeploymentPage>(`/routes/${encodeURIComponent(route)}/deployments`, ONCE)
  const shownEpoch = useRef(epoch)
  const { reload } = answered
  useEffect(() => {
    if (shownEpoch.current === epoch) return
    shownEpoch.current = epoch
    reload()
    const timer = setTimeout(reload, TOLD_AFTER_MS)
    return () => clearTimeout(timer)
  }, [epoch])
  return (
    <>
      <h3>History</h3>
      <Pending of={answered} />
      {answered.data && (
        <div class="scroll" role="region" aria-label={`History of ${route}`} tabIndex={0}>
          <table class="history">
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
              {answered.data.deployments.map((deployment, index) => (
                <Move
                  key={deployment.deploymentId}
                  deployment={deployment}
                  isCurrent={index === 0 && deployment.routeVersion === version}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function Move({ deployment, isCurrent }: { deployment: Deployment; isCurrent: boolean }) {
  const { at, kind, routeVersion, previousVersion, actor, runId, reason, epoch } = deployment
  return (
    <tr>
      <td>
        <Moment at={at} />
      </td>
      <td>
        <KindMark kind={kind} />
      </td>
      <td>
        <VersionOnly value={routeVersion} />
        {isCurrent && <small> now</small>}
      </td>
      <td>
        {previousVersion === null ? <span class="quiet">none</span> : <VersionOnly value={previousVersion} />}
      </td>
      <td>{actor}</td>
      <td class="said">
        {reason} {runId !== null && <Link href={`/runs/${runId}`}>{runId}</Link>}
      </td>
      <td class="number">{epoch}</td>
    </tr>
  )
}

const KINDS = {
  deploy: { tone: 'good', shape: 'up', word: 'deploy' },
  canary: { tone: 'live', shape: 'half', word: 'canary step' },
  rollback: { tone: 'unsure', shape: 'back', word: 'rollback' },
} as const satisfies Record<Deployment['kind'], unknown>

function KindMark({ kind }: Pick<Deployment, 'kind'>) {
  const { tone, shape, word } = KINDS[kind]
  return (
    <span class={`mark ${tone}`}>
      <Icon shape={shape} /> {word}
    </span>
  )
}

/** The route's name stands above the table. */
function VersionOnly({ value }: { value: string }) {
  return <RefText value={value} shown={shortVersion(value.slice(value.lastIndexOf('@') + 1))} />
}
