import { fullMoment, moment } from '../format/time.ts'

export function Moment({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
      {moment(at, Date.now())}
    </time>
  )
}
