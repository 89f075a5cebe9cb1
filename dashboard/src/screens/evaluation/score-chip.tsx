import type { Evaluated } from '../../api/evaluation-views.ts'
import { Icon } from '../../components/icon.tsx'
import { score } from '../../format/number.ts'

/** A row's score on one metric: whether it passes has a shape of its own. */
export function ScoreChip({
  metric,
  result,
  passAt,
}: {
  metric: string
  result: Evaluated
  passAt: number | undefined
}) {
  if ('error' in result) {
    return (
      <span class="score-chip unsure" title={result.error}>
        <Icon shape="question" /> {metric} <b>not scored</b>
      </span>
    )
  }
  const passes = passAt === undefined || result.score >= passAt
  return (
    <span class={`score-chip ${passes ? 'good' : 'bad'}`} title={result.reason}>
      <Icon shape={passes ? 'check' : 'cross'} /> {metric} <b>{score(result.score)}</b>
      <span class="hidden">{passes ? ' passes' : ' fails'}</span>
    </span>
  )
}
