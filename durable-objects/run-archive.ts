import { TERMINAL_RUN } from '../domain/run/state.ts'
import type { Env } from '../workers/env.ts'
import { keys } from '../workers/registry/keys.ts'
import { gzipNdjson } from '../workers/registry/ndjson.ts'
import type { RunLogEntry, RunStore } from './run-store.ts'
import { MAX_LINES, type StageLog } from './stage-log.ts'

/**
 * Moves the stage logs to R2, and once the run has ended writes its events beside them. A part is named by its first
 * line, so that one that is written again after a crash replaces itself.
 */
export async function archiveLog(env: Env, store: RunStore, log: StageLog): Promise<void> {
  const { project, runId } = store.run()!
  const lines = log.after(0, MAX_LINES)
  const [first] = lines
  if (first) {
    const part = await gzipNdjson(lines.map((line) => JSON.stringify(line)))
    await env.ARTIFACTS.put(keys.runLog(project, runId, first.line), part)
    log.deleteUpTo(lines.at(-1)!.line)
  }
  if (!TERMINAL_RUN.has(store.state().status) || log.count() > 0) return
  const events = await gzipNdjson(allEvents(store).map((entry) => JSON.stringify(entry)))
  await env.ARTIFACTS.put(keys.runEvents(project, runId), events)
  store.archived()
}

function allEvents(store: RunStore): RunLogEntry[] {
  const all: RunLogEntry[] = []
  for (let page = store.events(0); page.length > 0; page = store.events(page.at(-1)!.seq)) all.push(...page)
  return all
}
