import type { ArtifactDrift } from '../../api/gate-views.ts'
import { RefText } from '../../components/ref-text.tsx'
import { counted } from '../../format/number.ts'

/** Room beside the longer of age and limit. */
const ROOM = 1.08

/** How old a stage's input is, against its limit and against the newer versions of it. */
export function InputAge({ input }: { input: ArtifactDrift & { port: string } }) {
  const { port, ref, ageDays, limitDays, overDays, versionsBehind, behindDays, newest } = input
  const scale = 100 / (Math.max(ageDays, limitDays ?? 0) * ROOM || 1)
  return (
    <div class="age">
      <span>
        {port} <RefText value={ref} />
      </span>
      <svg aria-hidden="true">
        <rect class="within" width={`${(ageDays - overDays) * scale}%`} y="3" height="8" />
        <rect
          class="over"
          x={`${(ageDays - overDays) * scale}%`}
          width={`${overDays * scale}%`}
          y="3"
          height="8"
        />
        {limitDays !== null && (
          <line x1={`${limitDays * scale}%`} x2={`${limitDays * scale}%`} y1="0" y2="14" />
        )}
      </svg>
      <span>
        {days(ageDays)} old
        {limitDays !== null && `, limit ${days(limitDays)}`}
        {overDays > 0 && <b class="bad">, {days(overDays)} over</b>}
        {versionsBehind > 0 && behindDays !== null && newest !== null && (
          <>
            {' · '}
            <b class="bad">{counted(versionsBehind, 'version')} behind</b> <RefText value={newest} /> since{' '}
            {days(behindDays)}
          </>
        )}
      </span>
    </div>
  )
}

function days(n: number): string {
  const rounded = Number(n.toFixed(1))
  return `${rounded} ${rounded === 1 ? 'day' : 'days'}`
}
