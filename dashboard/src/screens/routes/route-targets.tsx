import type { Route } from '../../api/views.ts'
import { RefText } from '../../components/ref-text.tsx'

/** Targets in the order in which they are asked. */
export function RouteTargets({ targets }: { targets: Route['spec']['targets'] }) {
  return (
    <>
      <h3>Who answers</h3>
      <ol class="targets">
        {targets.map(({ id, model, baseUrl, servedModel, secret }, index) => (
          <li key={id}>
            <b>{index === 0 ? 'Answers' : `Fallback ${index}`}</b>
            <span>
              <RefText value={model} />
              <small>
                {servedModel} at {new URL(baseUrl).host}, key in {secret}
              </small>
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}
