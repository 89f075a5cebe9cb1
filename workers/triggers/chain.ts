/** Runs in a row, each started by a trigger on what the one before did, after which no further one is started. */
export const MAX_CHAIN = 10

/**
 * How many runs led to each other up to this one, itself included: by its end, by a dataset version or alias move that it
 * made, or as a stage of another. A run that a person started is the first of its chain. Counts no further than needed.
 */
export async function chainLength(binding: D1Database, project: string, runId: string): Promise<number> {
  const row = await binding.prepare(CHAIN).bind(project, runId, MAX_CHAIN).first<{ length: number }>()
  return row?.length ?? 0
}

const CHAIN = `
  WITH RECURSIVE chain (run_id, length) AS (
    SELECT ?2, 1
    UNION ALL
    SELECT
      CASE
        WHEN json_extract(cause, '$.by') = 'stage' THEN json_extract(cause, '$.runId')
        WHEN json_extract(cause, '$.by') <> 'trigger' THEN NULL
        WHEN json_extract(cause, '$.event') LIKE 'run\\_%' ESCAPE '\\' THEN json_extract(cause, '$.event')
        WHEN json_extract(cause, '$.event') LIKE 'alias/%' THEN
          (SELECT audit_entries.run_id FROM audit_entries WHERE audit_id = json_extract(cause, '$.event'))
        WHEN json_extract(cause, '$.event') LIKE 'dataset:%' THEN
          (SELECT artifacts.run_id FROM artifacts
            WHERE project_id = ?1 AND kind = 'dataset'
              AND name = substr(json_extract(cause, '$.event'), 9, instr(json_extract(cause, '$.event'), '@') - 9)
              AND version = substr(json_extract(cause, '$.event'), instr(json_extract(cause, '$.event'), '@') + 1))
      END,
      length + 1
    FROM chain JOIN runs ON runs.run_id = chain.run_id AND runs.project_id = ?1
    WHERE length <= ?3
  )
  SELECT max(length) AS length FROM chain WHERE run_id IS NOT NULL`
