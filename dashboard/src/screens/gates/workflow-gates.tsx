import type { DriftReport, Erosion } from '../../api/gate-views.ts'
import { useApi } from '../../api/use-api.ts'
import { Moment } from '../../components/moment.tsx'
import { Pending } from '../../components/pending.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { setQuery } from '../../navigation/place.ts'
import { DriftSection } from './drift-section.tsx'
import { IdleGates } from './idle-gates.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'
import { WaiverTrend } from './waiver-trend.tsx'
import { Waivers } from './waivers.tsx'
import { WeakenedGates } from './weakened-gates.tsx'

const REFRESH_MS = 30_000

/** The erosion report and the drift report of one workflow. */
export function WorkflowGates({ workflow, query }: { workflow: string; query: URLSearchParams }) {
  const path = `/workflows/${encodeURIComponent(workflow)}`
  const erosion = useApi<Erosion>(`${path}/erosion`, () => REFRESH_MS)
  const drift = useApi<DriftReport>(`${path}/drift`, () => REFRESH_MS)
  const report = erosion.data
  const toRevoke = report?.waivers.open.find(({ waiverId }) => waiverId === query.get('revoke'))
  return (
    <>
      <h2>Erosion</h2>
      <p class="about">
        The ways in which gates came to mean less. It is computed from what was recorded, so that nobody has
        to declare it
        {report && (
          <>
            ; as of <Moment at={report.at} />, version <RefText value={report.version} />
          </>
        )}
        .
      </p>
      <Pending of={erosion} />
      {report && (
        <>
          <Waivers waivers={report.waivers} />
          <WaiverTrend trend={report.trend} />
          <WeakenedGates weakened={report.weakened} />
          <IdleGates idle={report.idle} />
        </>
      )}
      <h2>Drift</h2>
      <Pending of={drift} />
      {drift.data && <DriftSection drift={drift.data} />}
      {toRevoke && (
        <RevokeDialog waiver={toRevoke} onDone={erosion.reload} onClose={() => setQuery({ revoke: null })} />
      )}
    </>
  )
}
