import type { Task, TaskAnswer, TaskCallback } from '../../domain/task/contract.ts'
import type { CallbackSender } from '../gpu-endpoint/callbacks.ts'
import { createEffects } from './effects.ts'
import type { Ledger } from './ledger.ts'
import { delayOf, TaskParams } from './params.ts'

/** A task that takes its time tells how far it is this often. */
const HEARTBEAT_MS = 1_000

export interface Tasks {
  /** The same `task_id` again is the same task. */
  perform(task: Task): TaskAnswer
  /** Ends a task and takes its effect back. One that has not come yet is refused when it comes. */
  cancel(taskId: string): void
  /** Tasks that were accepted and have not called back; effects in force. */
  counts(): { open: number; effects: number }
  /** Goes on with what a previous process had accepted. */
  resume(): void
  close(): void
}

export interface TasksOptions {
  ledger: Ledger
  callbacks: CallbackSender
  now: () => number
  log: (line: string) => void
}

type Result = Exclude<TaskAnswer, { status: 'accepted' }>

export function createTasks({ ledger, callbacks, now, log }: TasksOptions): Tasks {
  const effects = createEffects(ledger)
  const cancelled = new Set<string>()
  const open = new Map<string, { task: Task; dueAt: number; abort: AbortController }>()
  for (const entry of ledger.past) {
    if (entry.type === 'accepted') open.set(entry.task.task_id, { ...entry, abort: new AbortController() })
    else if (entry.type === 'called_back') open.delete(entry.taskId)
    else if (entry.type === 'cancelled') {
      open.delete(entry.taskId)
      cancelled.add(entry.taskId)
    }
  }

  const resultOf = (task: Task): Result => {
    if (cancelled.has(task.task_id)) return failed('task.cancelled', 'the task was cancelled', false)
    const parsed = TaskParams.safeParse(task.params)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      return failed('task.params', `params.${issue.path.join('.')}: ${issue.message}`, false)
    }
    const { mode, failures, of, outputs } = parsed.data
    if (mode === 'fail') return failed('task.failed', 'the task was told to fail', false)
    if (mode === 'flaky' && task.attempt <= failures)
      return failed('task.flaky', `attempt ${task.attempt} was told to fail`, true)
    if (mode === 'apply') effects.apply(task)
    if (mode === 'undo') effects.undo(task.run_id, of!, task.task_id)
    return {
      status: 'succeeded',
      outputs: outputs ?? { value: task.item?.value ?? task.inputs.value ?? null },
    }
  }
  const callBack = async (task: Task, dueAt: number, { signal }: AbortController) => {
    const { task_id } = task
    const started = now()
    const heartbeat = setInterval(() => {
      const progress = Math.min(1, (now() - started) / Math.max(1, dueAt - started))
      const callback = { type: 'task.heartbeat', task_id, progress, message: 'waiting' } as const
      // One that does not get through is not repeated: the next one says more.
      callbacks.send(task, callback, `heartbeat ${now()}`, { signal, backoff: [] }).catch(() => undefined)
    }, HEARTBEAT_MS)
    try {
      await wait(dueAt - now(), signal)
      const status = await callbacks.send(task, callbackOf(task_id, resultOf(task)), 'outcome', { signal })
      if (status >= 500) throw new Error(`status ${status}`)
      if (status >= 300) log(`task ${task_id}: its outcome was refused with status ${status}`)
      open.delete(task_id)
      ledger.append({ type: 'called_back', taskId: task_id })
    } catch (error) {
      if (!signal.aborted) log(`task ${task_id}: its outcome could not be delivered: ${String(error)}`)
    } finally {
      clearInterval(heartbeat)
    }
  }

  return {
    perform(task) {
      const parsed = TaskParams.safeParse(task.params)
      const delay = parsed.success ? delayOf(parsed.data) : 0
      if (delay === 0 || cancelled.has(task.task_id)) return resultOf(task)
      if (open.has(task.task_id)) ledger.append({ type: 'repeated', taskId: task.task_id })
      else {
        const dueAt = now() + delay
        const abort = new AbortController()
        ledger.append({ type: 'accepted', task, dueAt })
        open.set(task.task_id, { task, dueAt, abort })
        void callBack(task, dueAt, abort)
      }
      return { status: 'accepted' }
    },
    cancel(taskId) {
      open.get(taskId)?.abort.abort()
      open.delete(taskId)
      if (!cancelled.has(taskId)) ledger.append({ type: 'cancelled', taskId })
      cancelled.add(taskId)
      effects.withdraw(taskId, 'cancel')
    },
    counts: () => ({ open: open.size, effects: effects.count() }),
    resume() {
      for (const { task, dueAt, abort } of open.values()) void callBack(task, dueAt, abort)
    },
    close() {
      for (const { abort } of open.values()) abort.abort()
    },
  }
}

function failed(code: string, message: string, retryable: boolean): Result {
  return { status: 'failed', error: { code, message, retryable } }
}

function callbackOf(task_id: string, result: Result): TaskCallback {
  return result.status === 'succeeded'
    ? { type: 'task.succeeded', task_id, outputs: result.outputs }
    : { type: 'task.failed', task_id, error: result.error }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.max(0, ms))
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
