import { quantile } from 'simple-statistics'
import { startFloor } from './engine/floor.ts'
import { watchWorkerd } from './engine/memory.ts'
import { startPrefect, type Prefect } from './engine/prefect.ts'
import { startBenchStack, type BenchStack } from './engine/sluice.ts'
import { groupedMedian, storedBytes, transitionsOf } from './engine/transitions.ts'
import { chain } from './engine/workflow.ts'
import { figure, interleave, type Bench, type BenchResult } from './harness.ts'

const DEFAULT_ROUNDS = 3
/** Runs of one round, and how many of them are under way at the same time. The middle one is the headline. */
const LOADS = [
  { runs: 4, concurrency: 1 },
  { runs: 16, concurrency: 8 },
  { runs: 32, concurrency: 32 },
] as const
const HEADLINE = 8
/** Runs, one after the other, whose transitions are timed in one round. */
const TIMED_RUNS = 10

/**
 * An 8-stage workflow of no-ops, each done by an endpoint over HTTP. `runs_per_s` is at 8 runs under way;
 * `runs_vs_prefect` compares it with the same shape on Prefect 3, round by round. A transition lies between a stage's
 * result and the beginning of the next; its floor is a call to a Durable Object that inserts one row.
 */
export const engine: Bench = async ({ rounds = DEFAULT_ROUNDS }) => {
  const notRun: string[] = []
  const stack = await startBenchStack([chain])
  const memory = watchWorkerd()
  const prefect = await startPrefect().catch((error: unknown) => {
    notRun.push(`ratios.runs_vs_prefect: ${messageOf(error)}`)
    return undefined
  })
  try {
    const throughput = await compareThroughput(stack, prefect, rounds, notRun)
    const transitions = await timeTransitions(stack, rounds)
    return {
      ok: true,
      ratios: { ...throughput.ratios, ...transitions.ratios },
      figures: { ...throughput.figures, ...transitions.figures, rss_mb: figure([memory.peak()]) },
      notRun,
    }
  } finally {
    memory.stop()
    prefect?.stop()
    await stack.stop()
  }
}

type Numbers = Pick<BenchResult, 'ratios' | 'figures'>

async function compareThroughput(
  stack: BenchStack,
  prefect: Prefect | undefined,
  rounds: number,
  notRun: string[],
): Promise<Numbers> {
  const numbers: Numbers = { ratios: {}, figures: {} }
  for (const load of LOADS) {
    const suffix = load.concurrency === HEADLINE ? '' : `_at_${load.concurrency}`
    const sluice = async () => (await stack.run(chain.name, load)).seconds
    const against = (peer: Prefect) => interleave(rounds, () => peer.run(load), sluice)
    const compared =
      prefect &&
      (await against(prefect).catch((error: unknown) => {
        notRun.push(
          `ratios.runs_vs_prefect${suffix}: at ${load.concurrency} runs under way, ${messageOf(error)}`,
        )
        return undefined
      }))
    if (compared) {
      numbers.ratios[`runs_vs_prefect${suffix}`] = compared.ratio
      numbers.figures[`prefect_runs_per_s${suffix}`] = inverse(load.runs, compared.a)
    }
    const own = compared?.b ?? figure(await alone(rounds, sluice))
    numbers.figures[`runs_per_s${suffix}`] = inverse(load.runs, own)
  }
  return numbers
}

async function alone(rounds: number, seconds: () => Promise<number>): Promise<number[]> {
  await seconds()
  const samples: number[] = []
  for (let round = 0; round < rounds; round++) samples.push(await seconds())
  return samples
}

async function timeTransitions(stack: BenchStack, rounds: number): Promise<Numbers> {
  const floor = await startFloor()
  try {
    const bytes: number[] = []
    const timed: number[][] = []
    const oneRound = async () => {
      const { runIds } = await stack.run(chain.name, { runs: TIMED_RUNS, concurrency: 1 })
      const samples: number[] = []
      for (const runId of runIds) samples.push(...(await transitionsOf(stack.client, runId)))
      bytes.push(await storedBytes(stack.client, runIds[0]!))
      timed.push(samples)
      return groupedMedian(samples)
    }
    const { a, b, ratio } = await interleave(rounds, oneRound, () => floor.insertMs())
    const [_warmUp, ...measured] = timed
    return {
      ratios: { transition_p50_vs_do_insert: ratio },
      figures: {
        transition_p50_ms: a,
        transition_p99_ms: figure([quantile(measured.flat(), 0.99)]),
        do_insert_p50_ms: b,
        bytes_per_run: figure(bytes),
      },
    }
  } finally {
    await floor.stop()
  }
}

/** Seconds of a batch as runs a second: what was low becomes high. */
function inverse(runs: number, { median, low, high }: ReturnType<typeof figure>) {
  return { median: runs / median, low: runs / high, high: runs / low }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
