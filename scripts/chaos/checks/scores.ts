import { verdict, type Check } from './check.ts'

/**
 * Every finished evaluation has each row of its dataset once: by its score shards, by the chunks that its object counted,
 * and by the sums of each metric over the cohorts.
 */
export const noScoreLostOrDoubled: Check = ({ state, scored }) => {
  const evaluations = state.d1(
    `SELECT e.evaluation_id AS id, e.rows, e.errors, json_extract(a.manifest, '$.rows') AS expected
     FROM evaluations e LEFT JOIN artifacts a
       ON a.project_id = e.project_id AND 'dataset:' || a.name || '@' || a.version = e.source
     WHERE e.status = 'finished'`,
  )
  const sums = state.d1(
    'SELECT evaluation_id AS id, metric, sum(n) + sum(errors) AS rows FROM cohort_scores GROUP BY evaluation_id, metric',
  )
  const wrong = evaluations.flatMap(({ id, rows, expected }) => {
    const shards = scored.get(String(id))
    const own = sums.filter((sum) => sum.id === id)
    return [
      ...(rows === expected ? [] : [`${String(id)} has ${String(rows)} rows of ${String(expected)}`]),
      ...(shards && (shards.length !== expected || new Set(shards).size !== expected)
        ? [
            `${String(id)} has ${shards.length} rows in its shards, ${new Set(shards).size} of them different, of ${String(expected)}`,
          ]
        : []),
      ...(own.length > 0 ? [] : [`${String(id)} has no scores`]),
      ...own
        .filter((sum) => sum.rows !== expected)
        .map((sum) => `${String(id)} ${String(sum.metric)}: ${String(sum.rows)} of ${String(expected)} rows`),
    ]
  })
  return verdict(evaluations.length, 'evaluations', 'have each row once', wrong)
}
