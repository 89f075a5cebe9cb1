import type { LedgerEntry } from '../../task-endpoint/ledger.ts'
import { verdict, type Check } from './check.ts'

type Applied = Extract<LedgerEntry, { type: 'applied' }>

/**
 * What tasks did outside: each task id once, each stage as often as its workflow says, and nothing of what was undone or
 * of an attempt that was given up.
 */
export const taskEffectsOnce: Check = ({ runs, state }) => {
  const applied = state.ledger.filter((entry): entry is Applied => entry.type === 'applied')
  const withdrawn = new Set(
    state.ledger.flatMap((entry) => (entry.type === 'withdrawn' ? [entry.taskId] : [])),
  )
  const wrong: string[] = []
  const seen = new Set<string>()
  for (const { taskId } of applied) {
    if (seen.has(taskId)) wrong.push(`the effect of ${taskId} took place twice`)
    seen.add(taskId)
  }
  for (const { runId, workflow, view } of runs) {
    if (view.status !== workflow.ends) continue
    for (const [stage, count] of Object.entries(workflow.effects)) {
      const inForce = applied.filter(
        (entry) => entry.runId === runId && entry.stage === stage && !withdrawn.has(entry.taskId),
      )
      if (inForce.length !== count)
        wrong.push(
          `${runId} ${stage} has ${inForce.length} effects, not ${count}: ${inForce.map(({ taskId }) => taskId).join(', ')}`,
        )
    }
  }
  return verdict(applied.length, 'effects of tasks', 'took place once', wrong)
}

export const mappedItemsOnce: Check = ({ runs }) => {
  const wrong: string[] = []
  let items = 0
  for (const { runId, workflow, view } of runs) {
    if (view.status !== workflow.ends) continue
    for (const [stage, count] of Object.entries(workflow.mapped ?? {})) {
      const outputs = view.stages.find((each) => each.stage === stage)?.outputs.value
      const given = Array.isArray(outputs) ? outputs : []
      items += given.length
      const expected = Array.from({ length: count }, (_, index) => index)
      if (JSON.stringify(given) !== JSON.stringify(expected))
        wrong.push(`${runId} ${stage} gave ${JSON.stringify(outputs)}`)
    }
  }
  return verdict(items, 'items of mapped stages', 'gave one result each, in order', wrong)
}
