import { setTimeout as sleep } from 'node:timers/promises'
import { answer, ingestRows } from '../../client/sluice.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import type { RunView } from '../../workers/api/run-view.ts'
import type { Access } from './access.ts'
import type { Progress } from './progress.ts'
import { toNdjson } from './transcripts.ts'

const POLL_MS = 150
const ENDED = new Set(['succeeded', 'failed', 'cancelled', 'rolled_back'])
const DONE = new Set(['passed', 'cached', 'skipped'])

export interface RunInputs {
  prompt: string
  suite: string
}

/** Ingests the rows as a version of the training transcripts and runs the workflow on it, to its end. */
export async function runWorkflow(
  access: Access,
  progress: Progress,
  name: string,
  rows: readonly DatasetRow[],
  inputs: RunInputs,
): Promise<RunView> {
  const { ref } = await ingestRows(access.as('ingest'), 'support-source', toNdjson(rows))
  const { runId } = await answer(
    access.client('run').workflows[':workflow'].runs.$post({
      param: { workflow: 'support-agent' },
      header: {},
      json: { inputs: { transcripts: ref, ...inputs } },
    }),
  )
  return followRun(access, progress, name, runId)
}

/** Shows a run until it has ended. */
export async function followRun(
  access: Access,
  progress: Progress,
  name: string,
  runId: string,
): Promise<RunView> {
  const bar = progress.bar(name, 8)
  for (;;) {
    const run = await readRun(access, runId)
    const done = run.stages.filter(({ status }) => DONE.has(status)).length
    const current = run.stages.find(({ status }) => !DONE.has(status) && status !== 'pending')
    bar.update(
      done,
      current
        ? `${current.stage} ${current.status} ${current.progress?.message ?? current.waitingFor ?? ''}`
        : '',
    )
    if (ENDED.has(run.status)) {
      bar.end(describeEnd(run))
      return run
    }
    await sleep(POLL_MS)
  }
}

export function readRun(access: Access, runId: string): Promise<RunView> {
  return answer(access.client('read').runs[':runId'].$get({ param: { runId } }))
}

/** How a run ended, and why. */
export function describeEnd(run: RunView): string {
  const failure = run.failure as { stage?: string; message: string } | null
  if (!failure) return run.status
  const closed = run.stages.flatMap(({ gates }) => gates.filter(({ blocks, at }) => blocks && at !== null))
  const why = closed.map(({ gate, sentence }) => `${gate}: ${sentence}`).join(' ')
  return `${run.status} at ${failure.stage ?? 'its start'}: ${why || failure.message}`
}
