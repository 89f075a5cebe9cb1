import type { StageView } from '../../api/views.ts'
import { Link } from '../../navigation/link.tsx'

/** The evaluations that a stage stands on: to read, and to hold against each other row by row. */
export function StageEvaluations({ stage }: { stage: StageView }) {
  const { own, production } = evaluationsOf(stage)
  if (own === null) return null
  return (
    <p class="stage-evaluations">
      <Link href={`/evaluations/${own}`}>Rows, worst first</Link>
      {production !== null && (
        <>
          {' · '}
          <Link href={`/evaluations/${own}/compare/${production}`}>Compare with production</Link>
        </>
      )}
    </p>
  )
}

function evaluationsOf({ kind, inputs, outputs }: StageView): {
  own: string | null
  production: string | null
} {
  if (kind !== 'evaluate' && kind !== 'promote') return { own: null, production: null }
  const own = evaluationId(outputs.evaluation) ?? evaluationId(inputs.evaluation)
  const production = evaluationId(outputs.productionEvaluation)
  return { own, production: production === own ? null : production }
}

/** An input that is not pinned yet names where it will come from. */
function evaluationId(value: unknown): string | null {
  return typeof value === 'string' && value.startsWith('eval_') ? value : null
}
