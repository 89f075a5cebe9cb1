/** What to type when there is no evaluation yet. */
export function EmptyEvaluations() {
  return (
    <section class="card empty">
      <h2>No evaluation yet</h2>
      <p>An evaluation scores each row of a dataset version by the metrics of a suite.</p>
      <dl class="commands">
        <dt>The answers that the rows have already:</dt>
        <dd>
          <code>sluice evaluations start --dataset dataset:NAME@VERSION --suite suite:NAME@VERSION</code>
        </dd>
        <dt>Those of a model, a route or an endpoint of yours; first what it would cost:</dt>
        <dd>
          <code>
            {`sluice evaluations start --candidate route:NAME --dataset dataset:NAME@VERSION --suite suite:NAME@VERSION --dry-run`}
          </code>
        </dd>
        <dt>Runs evaluate by themselves. The whole workflow, three times:</dt>
        <dd>
          <code>npm run demo -- --keep</code>
        </dd>
      </dl>
      <p class="quiet">This page finds the evaluation by itself.</p>
    </section>
  )
}
