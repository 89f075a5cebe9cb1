import type { Task } from '../../domain/task/contract.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'

export interface Effects {
  /** Makes the effect of a task take place; of one that came before, nothing more. */
  apply(task: Task): void
  /** Takes back what the tasks of a stage of a run applied. Answers how many. */
  undo(runId: string, stage: string, by: string): number
  withdraw(taskId: string, by: string): void
  /** Effects that are in force. */
  count(): number
}

/** The world outside that tasks change, as far as this endpoint has one: a set of effects, each by its task. */
export function createEffects(ledger: Ledger): Effects {
  const inForce = new Map<string, { runId: string; stage: string }>()
  const known = new Set<string>()
  const take = (entry: LedgerEntry) => {
    if (entry.type === 'applied') {
      known.add(entry.taskId)
      inForce.set(entry.taskId, entry)
    } else if (entry.type === 'withdrawn') inForce.delete(entry.taskId)
  }
  const record = (entry: LedgerEntry) => {
    ledger.append(entry)
    take(entry)
  }
  ledger.past.forEach(take)
  const withdraw = (taskId: string, by: string) => {
    if (inForce.has(taskId)) record({ type: 'withdrawn', taskId, by })
  }
  return {
    apply({ task_id, run_id, stage }) {
      if (known.has(task_id)) ledger.append({ type: 'repeated', taskId: task_id })
      else record({ type: 'applied', taskId: task_id, runId: run_id, stage })
    },
    undo(runId, stage, by) {
      const found = [...inForce].filter(([, effect]) => effect.runId === runId && effect.stage === stage)
      for (const [taskId] of found) withdraw(taskId, by)
      return found.length
    },
    withdraw,
    count: () => inForce.size,
  }
}
