import type { ComparisonLine } from '../../api/evaluation-views.ts'
import { Icon, type Shape } from '../../components/icon.tsx'

const OUTCOMES: Record<ComparisonLine['outcome'], [shape: Shape, tone: string, word: string]> = {
  better: ['up', 'good', 'better'],
  same: ['check', 'good', 'no worse'],
  worse: ['cross', 'bad', 'worse'],
  inconclusive: ['question', 'unsure', 'can’t tell'],
}

/** What a line shows: a shape and a word. */
export function Outcome({ line: { outcome, suspicious } }: { line: ComparisonLine }) {
  const [shape, tone, word] = OUTCOMES[outcome]
  return (
    <>
      <span class={`mark ${tone}`}>
        <Icon shape={shape} /> {word}
      </span>
      {suspicious && <small class="unsure"> too good to be true: a leak?</small>}
    </>
  )
}
