import type { DriftReport } from '../../api/gate-views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { Link } from '../../navigation/link.tsx'
import { InputAge } from './input-age.tsx'

/** Which stages worked on what is out of date by now and by how much, and what production was built on. */
export function DriftSection({ drift: { sentence, stages, production, newestRun } }: { drift: DriftReport }) {
  return (
    <>
      <p class="about">{sentence}</p>
      <section class="card" aria-labelledby="drift-stages">
        <h3 id="drift-stages">Stages</h3>
        <ul class="drift">
          {stages.map((stage) => (
            <Stage key={stage.stage} stage={stage} />
          ))}
        </ul>
      </section>
      {production.length > 0 && (
        <section class="card" aria-labelledby="drift-production">
          <h3 id="drift-production">Production</h3>
          <ul class="drift">
            {production.map(({ place, drifts, sentence: said, run }) => (
              <li key={place}>
                <header>
                  <b>{place}</b> <DriftMark drifts={drifts} />
                  {run && (
                    <small>
                      deployed by <Link href={`/runs/${run.runId}`}>{run.runId}</Link>
                    </small>
                  )}
                </header>
                <p>{said}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {newestRun && (
        <section class="card" aria-labelledby="drift-newest">
          <h3 id="drift-newest">The newest run</h3>
          <p>
            <Link href={`/runs/${newestRun.runId}`}>{newestRun.runId}</Link>: {newestRun.sentence}
          </p>
        </section>
      )}
    </>
  )
}

function Stage({
  stage: { stage, drifts, sentence, runId, finishedAt, inputs, upstream },
}: {
  stage: DriftReport['stages'][number]
}) {
  const hasRun = runId !== null
  // Nothing is said to be up to date of which nothing is known.
  const isKnown = hasRun && (inputs.length > 0 || upstream.length > 0)
  return (
    <li>
      <header>
        <b>{stage}</b> {isKnown && <DriftMark drifts={drifts} upstream={upstream} />}
        {hasRun && (
          <small>
            last done in <Link href={`/runs/${runId}`}>{runId}</Link>
            {finishedAt !== null && (
              <>
                , <Moment at={finishedAt} />
              </>
            )}
          </small>
        )}
      </header>
      {(inputs.length === 0 || !drifts) && <p class="quiet">{sentence}</p>}
      {drifts && inputs.map((input) => <InputAge key={input.port} input={input} />)}
      {drifts && upstream.length > 0 && (
        <p class="quiet">What it builds on drifts in: {upstream.join(', ')}.</p>
      )}
    </li>
  )
}

function DriftMark({ drifts, upstream = [] }: { drifts: boolean; upstream?: readonly string[] }) {
  const [tone, shape, word] = drifts
    ? (['bad', 'cross', 'out of date'] as const)
    : upstream.length > 0
      ? (['unsure', 'half', 'made from what drifts'] as const)
      : (['good', 'check', 'up to date'] as const)
  return (
    <span class={`mark ${tone}`}>
      <Icon shape={shape} /> {word}
    </span>
  )
}
