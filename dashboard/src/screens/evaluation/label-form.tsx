import { useState } from 'preact/hooks'
import { send } from '../../api/client.ts'
import type { RowScore } from '../../api/evaluation-views.ts'
import type { Problem } from '../../api/problem.ts'
import { ProblemNotice } from '../../components/problem-notice.tsx'
import { ReasonField } from '../../components/reason-field.tsx'

/** The API takes reasons up to this length. */
const LONGEST_REASON = 4_000
/** A label of no metric of the suite. */
const OVERALL = 'human'

interface LabelFormProps {
  dataset: string
  rowId: string
  evaluationId: string
  metrics: readonly string[]
  /** The metric that is looked at. */
  first: string | null
  onLabelled: () => void
}

/** A person says whether the answer is good: that is what evaluators are calibrated by. */
export function LabelForm({ dataset, rowId, evaluationId, metrics, first, onLabelled }: LabelFormProps) {
  const [verdict, setVerdict] = useState<'good' | 'bad'>()
  const [name, setName] = useState(first ?? metrics[0] ?? OVERALL)
  const [reason, setReason] = useState('')
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  async function submit(event: Event) {
    event.preventDefault()
    if (verdict === undefined || isSending) return
    setSending(true)
    setProblem(undefined)
    try {
      await send<RowScore>(`/datasets/${dataset}/rows/${encodeURIComponent(rowId)}/evaluations`, {
        name,
        score: verdict === 'good' ? 1 : 0,
        label: verdict,
        source: 'human',
        evaluationId,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      })
      onLabelled()
    } catch (failure) {
      setProblem(failure as Problem)
    } finally {
      setSending(false)
    }
  }
  return (
    <form class="label-form" onSubmit={submit}>
      <fieldset>
        <legend>This answer is</legend>
        {(['good', 'bad'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="verdict" checked={verdict === each} onChange={() => setVerdict(each)} />{' '}
            {each}
          </label>
        ))}
      </fieldset>
      <label for="label-name">In respect of</label>
      <select id="label-name" value={name} onChange={(event) => setName(event.currentTarget.value)}>
        {[...metrics, OVERALL].map((metric) => (
          <option key={metric} value={metric}>
            {metric === OVERALL ? 'human (the answer as a whole)' : metric}
          </option>
        ))}
      </select>
      <ReasonField
        id="label-reason"
        label="Why (optional)"
        maxLength={LONGEST_REASON}
        value={reason}
        onInput={setReason}
        hint="Labels in respect of a metric calibrate it: they find the score from which on a row passes."
      />
      {problem && <ProblemNotice problem={problem} />}
      <button type="submit" class="primary" disabled={verdict === undefined || isSending}>
        Add the label
      </button>
    </form>
  )
}
