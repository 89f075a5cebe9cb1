import type { RouteTargetView } from '../../api/views.ts'

/** How the requests are split between those who answer first; the table below tells it in words. */
export function TrafficBar({ targets }: { targets: RouteTargetView[] }) {
  const answering = targets.filter(({ role, share }) => share > 0 && (role === 'live' || role === 'canary'))
  if (answering.length < 2) return null
  let from = 0
  return (
    <svg class="traffic" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      {answering.map(({ id, role, share }) => {
        const x = from
        from += share * 100
        return <rect key={id} class={role} x={x} y="0" width={share * 100} height="8" />
      })}
    </svg>
  )
}
