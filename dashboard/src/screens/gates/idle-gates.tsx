import type { Erosion } from '../../api/gate-views.ts'

/** Gates that stand in the definition, and have judged nothing for a while. */
export function IdleGates({ idle: { sentence, gates } }: { idle: Erosion['idle'] }) {
  return (
    <section class="card" aria-labelledby="idle">
      <h3 id="idle">Not run lately</h3>
      {gates.length === 0 && <p>{sentence}</p>}
      {gates.length > 0 && (
        <ul class="plain-list">
          {gates.map((gate) => (
            <li key={`${gate.stage}/${gate.gate}`}>{gate.sentence}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
