const START_RUN = `curl -X POST ${location.origin}/api/v1/workflows/support-agent/runs \\
  -H "authorization: Bearer $SLUICE_KEY" -H "content-type: application/json" \\
  -d '{"inputs": {"transcripts": "dataset:NAME@VERSION"}}'`

/** What to type when there is no run yet. */
export function EmptyRuns() {
  return (
    <section class="card empty">
      <h2>No run yet</h2>
      <p>A run takes a workflow from raw data to a deployed and watched model. Start one:</p>
      <dl class="commands">
        <dt>The whole workflow three times, on synthetic transcripts and a reference GPU endpoint:</dt>
        <dd>
          <code>npm run demo -- --keep</code>
        </dd>
        <dt>A run of a workflow and a dataset of yours:</dt>
        <dd>
          <code>{START_RUN}</code>
        </dd>
      </dl>
      <p class="quiet">This page finds the run by itself.</p>
    </section>
  )
}
