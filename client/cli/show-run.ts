import type { RunView } from '../../workers/api/run-view.ts'
import { indented, shortVersion } from './output.ts'

/** A run, its stages in order, and what each gate said. */
export function showRun(run: RunView): string[] {
  const { runId, workflow, workflowVersion, status, author, createdAt, failure, stages } = run
  return [
    `${runId} ${status}`,
    ...indented([
      `workflow ${workflow} at version ${shortVersion(workflowVersion)}`,
      `started ${showTime(createdAt)} by ${author}`,
      ...Object.entries(run.inputs).map(([name, ref]) => `${name} ${ref}`),
      ...(failure ? [`failed: ${sentenceOf(failure)}`] : []),
    ]),
    ...stages.flatMap(showStage),
  ]
}

export function showTime(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19)
}

function showStage({
  stage,
  kind,
  status,
  attempt,
  gates,
  waitingFor,
  cachedFrom,
  error,
}: RunView['stages'][number]): string[] {
  const facts = [
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(waitingFor === null ? [] : [`waits for ${waitingFor}`]),
    ...(cachedFrom ? [`taken over from ${cachedFrom.runId}`] : []),
  ]
  return [
    `${stage} (${kind}) ${[status, ...facts].join(', ')}`,
    ...indented([
      ...(error ? [sentenceOf(error)] : []),
      ...gates
        .filter(({ at }) => at !== null)
        .map(
          ({ gate, verdict, blocks, sentence }) =>
            `${gate} ${verdict}${blocks ? ', blocks' : ''}: ${sentence}`,
        ),
    ]),
  ]
}

/** An error as it is stored: with a message, or whatever it is. */
function sentenceOf(error: unknown): string {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >
  const parts = [code, message].filter((part) => typeof part === 'string')
  return parts.length > 0 ? parts.join(': ') : JSON.stringify(error)
}
