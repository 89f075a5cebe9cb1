import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT, buildWorker } from '../stack/build.ts'
import type { ChaosRun, CheckResult, Evidence } from './checks/check.ts'
import { CHECKS } from './checks/registry.ts'
import type { Fault } from './faults/dice.ts'
import { prepare, scoredRows, startRun, viewRun, type StartedRun } from './runs.ts'
import { planChaos } from './schedule.ts'
import { createChaosStack, type ChaosStack } from './stack.ts'
import { readStoredState } from './stored-state.ts'

/** How often each fault strikes: often enough to be met many times, rarely enough that a run goes on. */
const FAULTS = { d1: 0.03, repeated: 0.2, redelivered: 0.05, alarm: 0.05 }
/** Longest wait for all runs to end once the killing is over. */
const END_MS = 300_000
const POLL_MS = 500
/** Longer than an effect waits before it is sent again: what is still to be done by then will never be done. */
const SETTLE_MS = 17_000
const QUIET_MS = 4_000

export interface ChaosOptions {
  runs: number
  kills: number
  seed: number
  keep: boolean
  say: (line: string) => void
}

export interface ChaosResult {
  ok: boolean
  seed: number
  runs: number
  kills: number
  restarts: number
  injected: Partial<Record<Fault, number>>
  checks: Record<string, CheckResult>
  /** Of all, and of the median restart. */
  seconds: number
  restartSeconds: number
  stateDir?: string
}

/** Kills the stack again and again while it works, and checks what it has come to in the end. */
export async function runChaos({ runs, kills, seed, keep, say }: ChaosOptions): Promise<ChaosResult> {
  const began = Date.now()
  const schedule = planChaos({ seed, runs, kills })
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-chaos-'))
  const entry = join(ROOT, 'scripts/chaos/worker.ts')
  // A script must lie within the repository; another chaos may be under way there.
  const outdir = join(ROOT, 'dist', basename(stateDir))
  const script = await buildWorker({ entry, outdir })
  const stack = createChaosStack(stateDir, script, { seed, ...FAULTS })
  let ok = false
  try {
    await stack.start(true)
    const made = await prepare(stack)
    say(`The stack is up; ${runs} runs are started while it is killed ${kills} times (seed ${seed}).`)
    const starting: Promise<StartedRun>[] = []
    for (const [index, kill] of schedule.kills.entries()) {
      while ((schedule.starts[starting.length] ?? Infinity) <= index)
        starting.push(startRun(stack, { seed, number: starting.length, ...made }))
      await stack.kill(kill)
      say(
        `kill ${index + 1} after ${kill.steps} steps and ${kill.thenMs} ms; ${starting.length} runs started`,
      )
      await stack.start(index + 1 < kills)
    }
    const started = await Promise.all(starting)
    const unfinished = await waitForEnd(stack, started, say)
    say(unfinished === 0 ? 'Every run has ended.' : `${unfinished} runs have not ended.`)
    const checks = await judge(stack, stateDir, started, say)
    ok = Object.values(checks).every((check) => check.ok)
    const { injected, startSeconds } = stack
    const restarts = startSeconds.slice(1).toSorted((a, b) => a - b)
    return {
      ok,
      seed,
      runs,
      kills,
      restarts: stack.starts - 1,
      injected,
      checks,
      seconds: (Date.now() - began) / 1000,
      restartSeconds: restarts[Math.floor(restarts.length / 2)] ?? 0,
      ...(ok && !keep ? {} : { stateDir }),
    }
  } finally {
    await stack.stop()
    rmSync(outdir, { recursive: true, force: true })
    if (ok && !keep) rmSync(stateDir, { recursive: true, force: true })
  }
}

const ENDED = new Set<string>(['succeeded', 'failed', 'cancelled', 'rolled_back'])

async function waitForEnd(
  stack: ChaosStack,
  started: readonly StartedRun[],
  say: (line: string) => void,
): Promise<number> {
  const deadline = Date.now() + END_MS
  let open = [...started]
  while (open.length > 0 && Date.now() < deadline) {
    const views = await Promise.all(open.map(({ runId }) => viewRun(stack, runId)))
    const before = open.length
    open = open.filter((_, index) => !ENDED.has(views[index]!.status))
    if (open.length < before) say(`${started.length - open.length} of ${started.length} runs have ended`)
    if (open.length > 0) await sleep(POLL_MS)
  }
  return open.length
}

/** Reads what there is, by the API and, once the stack is down, from disk. What is not settled yet gets its time. */
async function judge(
  stack: ChaosStack,
  stateDir: string,
  started: readonly StartedRun[],
  say: (line: string) => void,
): Promise<Record<string, CheckResult>> {
  for (let settled = false; ; settled = true) {
    await stack.quiet(settled ? SETTLE_MS : QUIET_MS, 2 * SETTLE_MS)
    const runs: ChaosRun[] = []
    for (const { runId, workflow } of started)
      runs.push({ runId, workflow, view: await viewRun(stack, runId) })
    const evaluations = runs.flatMap(({ view }) =>
      view.stages.flatMap(({ outputs }) =>
        typeof outputs.evaluation === 'string' ? [outputs.evaluation] : [],
      ),
    )
    const scored = new Map<string, string[]>()
    for (const evaluationId of new Set(evaluations))
      scored.set(evaluationId, await scoredRows(stack, evaluationId))
    await stack.stop()
    const evidence: Evidence = { runs, scored, state: readStoredState(stateDir) }
    const checks = Object.fromEntries(
      Object.entries(CHECKS).map(([name, check]) => [name, check(evidence)] as const),
    )
    evidence.state.close()
    if (settled || Object.values(checks).every((check) => check.ok)) return checks
    say('Something is not as it must be: the stack is started once more, and given its time.')
    await stack.start(false)
  }
}
