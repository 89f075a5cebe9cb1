import type { RouteInFull } from '../../api/views.ts'
import { RefText } from '../../components/ref-text.tsx'

/** What a route does beside asking its targets in order, in the API's own words. */
export function RouteSettings({ route: { spec, previous, settings } }: { route: RouteInFull }) {
  return (
    <>
      <h3>What it does</h3>
      <dl class="settings">
        {settings.map(({ name, text }, index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>Prompt</dt>
          <dd>
            <RefText value={spec.prompt} />
          </dd>
        </div>
        <div>
          <dt>A rollback goes to</dt>
          <dd>
            {previous === null ? <span class="quiet">nothing before it</span> : <RefText value={previous} />}
          </dd>
        </div>
      </dl>
    </>
  )
}
