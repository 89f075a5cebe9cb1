import { setTimeout as sleep } from 'node:timers/promises'
import { figure, type Figure } from '../harness.ts'
import type { LoadGenerator } from './load-generator.ts'
import { usedBy } from './used-by.ts'
import type { System } from './systems.ts'

export const KINDS = ['json', 'sse'] as const
const CONCURRENCIES = [1, 16, 64] as const
type Kind = (typeof KINDS)[number]

/** Of one load, and of the warm-up before the first. */
const SECONDS = 1
const WARM_UP_SECONDS = 1.5
const WARM_UP_CONCURRENCY = 16

const MESSAGES = [
  {
    role: 'system',
    content: 'You answer questions of customers about their parcels, in one or two sentences.',
  },
  {
    role: 'user',
    content: 'My parcel 4711 was due on Monday. Where is it, and whom do I call if it does not come?',
  },
]

/** What one system did under one load. */
interface Slice {
  p50: number
  p99: number
  firstByteP50: number
  perSecond: number
  cpuSecondsPer1000: number
  rssMb: number
  failed: number
}

export interface Speed {
  ratios: Record<string, Figure>
  figures: Record<string, Figure>
  /** Requests that were not answered well, by system; nothing when there are none. */
  failures: string[]
}

/** Every system under every load, in turn, round by round: the ratios are of pairs of the same round. */
export async function measureSpeed(
  generator: LoadGenerator,
  systems: readonly System[],
  rounds: number,
): Promise<Speed> {
  const loads = KINDS.flatMap((kind) => CONCURRENCIES.map((concurrency) => ({ kind, concurrency })))
  const failures: string[] = []
  const measured = new Map<string, Slice[]>()
  for (const system of systems)
    for (const kind of KINDS) await slice(generator, system, kind, WARM_UP_CONCURRENCY, WARM_UP_SECONDS)
  for (let round = 0; round < rounds; round++) {
    for (const { kind, concurrency } of loads) {
      for (const [i] of systems.entries()) {
        // Nobody always comes after the same neighbour.
        const system = systems[(i + round) % systems.length]!
        const label = `${system.name}_${kind}_c${concurrency}`
        const one = await slice(generator, system, kind, concurrency, SECONDS)
        if (one.failed > 0) failures.push(`${label}: ${one.failed} requests (${one.failure})`)
        measured.set(label, [...(measured.get(label) ?? []), one])
      }
    }
  }
  return { ...compared(measured, systems, loads), failures }
}

type SliceOf = Slice & { failure: string | undefined }

async function slice(
  generator: LoadGenerator,
  system: System,
  kind: Kind,
  concurrency: number,
  seconds: number,
): Promise<SliceOf> {
  const before = usedBy(system.pid)
  const loaded = await generator.run({
    url: kind === 'json' ? system.jsonUrl : system.sseUrl,
    headers: system.headers,
    body: JSON.stringify({
      model: system.model,
      messages: MESSAGES,
      ...(kind === 'sse' ? { stream: true } : {}),
    }),
    holds: kind === 'json' ? '"usage"' : '[DONE]',
    concurrency,
    seconds,
  })
  await sleep(system.settleMs)
  const after = usedBy(system.pid)
  return {
    ...loaded,
    perSecond: loaded.requests / loaded.seconds,
    cpuSecondsPer1000: ((after.cpuSeconds - before.cpuSeconds) / loaded.requests) * 1_000,
    rssMb: after.rssMb,
  }
}

function compared(
  measured: ReadonlyMap<string, Slice[]>,
  systems: readonly System[],
  loads: readonly { kind: Kind; concurrency: number }[],
): Pick<Speed, 'ratios' | 'figures'> {
  const ratios: Record<string, Figure> = {}
  const figures: Record<string, Figure> = {}
  const names = systems.map(({ name }) => name)
  for (const { kind, concurrency } of loads) {
    const load = `${kind}_c${concurrency}`
    const of = (name: System['name']) => measured.get(`${name}_${load}`)!
    const own = of('sluice')
    for (const other of names.filter((name) => name !== 'sluice' && name !== 'direct')) {
      const pairs = own.map((slice, round) => [slice, of(other)[round]!] as const)
      ratios[`${load}_p50_vs_${other}`] = figure(pairs.map(([a, b]) => a.p50 / b.p50))
      ratios[`${load}_rps_vs_${other}`] = figure(pairs.map(([a, b]) => a.perSecond / b.perSecond))
    }
    for (const name of names) {
      const slices = of(name)
      figures[`${name}_${load}_p50_ms`] = figure(slices.map(({ p50 }) => p50))
      figures[`${name}_${load}_rps`] = figure(slices.map(({ perSecond }) => perSecond))
      if (name === 'direct') continue
      const direct = of('direct')
      figures[`${name}_${load}_p50_added_ms`] = figure(slices.map(({ p50 }, i) => p50 - direct[i]!.p50))
      figures[`${name}_${load}_p99_added_ms`] = figure(slices.map(({ p99 }, i) => p99 - direct[i]!.p99))
      figures[`${name}_${load}_cpu_s_per_1000`] = figure(slices.map((one) => one.cpuSecondsPer1000))
      if (kind === 'sse')
        figures[`${name}_${load}_first_byte_p50_ms`] = figure(slices.map((one) => one.firstByteP50))
    }
  }
  for (const name of names) {
    const all = loads.flatMap(({ kind, concurrency }) => measured.get(`${name}_${kind}_c${concurrency}`)!)
    figures[`${name}_rss_mb`] = figure([Math.max(...all.map(({ rssMb }) => rssMb))])
  }
  return { ratios, figures }
}
