import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { DatasetRows } from '../../api/evaluation-views.ts'
import type { Problem } from '../../api/problem.ts'
import { KeyValues } from '../../components/key-values.tsx'
import { ProblemNotice } from '../../components/problem-notice.tsx'
import { datasetVersion } from '../evaluations/target-text.ts'
import { contentOf } from './row-content.ts'

type Found = { data: Record<string, unknown> } | { problem: Problem } | 'absent'

/** What was asked, what the answer could lean on, and the good answer, from the dataset version; when one wants it. */
export function DatasetRowSection({ source, rowId }: { source: string; rowId: string }) {
  const [isOpen, setOpen] = useState(false)
  const [found, setFound] = useState<Found>()
  useEffect(() => {
    if (!isOpen || found) return undefined
    const abort = new AbortController()
    findRow(source, rowId, abort.signal)
      .then(setFound)
      .catch((problem: Problem) => {
        if (!abort.signal.aborted) setFound({ problem })
      })
    return () => abort.abort()
  }, [isOpen, source, rowId])
  if (datasetVersion(source) === null) return null
  return (
    <details class="dataset-row" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Question, context and good answer</summary>
      {!found && <p class="quiet">Looking for the row in its dataset…</p>}
      {found === 'absent' && <p class="quiet">The dataset version has no such row.</p>}
      {found && found !== 'absent' && 'problem' in found && <ProblemNotice problem={found.problem} />}
      {found && found !== 'absent' && 'data' in found && <Content data={found.data} />}
    </details>
  )
}

function Content({ data }: { data: Record<string, unknown> }) {
  const { messages, expected, context, rest } = contentOf(data)
  return (
    <>
      {messages.map(({ role, text }, index) => (
        <p key={index} class="message">
          <small>{role}</small> {text}
        </p>
      ))}
      {expected !== null && (
        <>
          <h4>Good answer</h4>
          <blockquote class="text">{expected}</blockquote>
        </>
      )}
      {context.length > 0 && (
        <>
          <h4>Context</h4>
          {context.map((text, index) => (
            <blockquote key={index} class="text">
              {text}
            </blockquote>
          ))}
        </>
      )}
      {Object.keys(rest).length > 0 && (
        <details>
          <summary>Everything else of the row</summary>
          <KeyValues value={rest} />
        </details>
      )}
    </>
  )
}

/** The shard that was read last: neighbours in a list often lie in one. */
let lastShard: { path: string; page: DatasetRows } | undefined

/** Shard by shard, since the API knows rows of a version by their place only. */
async function findRow(source: string, rowId: string, signal: AbortSignal): Promise<Found> {
  const { name, version } = datasetVersion(source)!
  const path = `/datasets/${name}/versions/${version}/rows`
  const known = lastShard?.path === path && lastShard.page.rows.find(({ id }) => id === rowId)
  if (known) return { data: known.data }
  for (let cursor: number | null = 0; cursor !== null;) {
    const page: DatasetRows = await ask<DatasetRows>(`${path}?cursor=${cursor}`, { signal })
    const row = page.rows.find(({ id }) => id === rowId)
    if (row) {
      lastShard = { path, page }
      return { data: row.data }
    }
    cursor = page.next
  }
  return 'absent'
}
