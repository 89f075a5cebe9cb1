import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { quantileSorted } from 'simple-statistics'
import { ROOT, codeSha } from '../stack/build.ts'

export interface BenchOptions {
  data: string | undefined
  rounds: number | undefined
}

/** A figure over the rounds: its median, and the range that holds the middle half of them. */
export interface Figure {
  median: number
  low: number
  high: number
}

export interface BenchResult {
  ok: boolean
  /** Sluice against a peer or a floor, pair by pair in the same run. */
  ratios: Record<string, Figure>
  figures: Record<string, Figure>
  /** Peers that could not run here. They are never guessed. */
  notRun: string[]
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>

export function figure(samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (p: number) => quantileSorted(sorted, p)
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/**
 * Runs two things in turn, A B A B …, after one warm-up of each, so that a slow moment of the machine meets both.
 *
 * @returns seconds a run of each, and their ratio pair by pair
 */
export async function interleave(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: Figure; b: Figure; ratio: Figure }> {
  await a()
  await b()
  const pairs: [number, number][] = []
  for (let round = 0; round < rounds; round++) pairs.push([await a(), await b()])
  return {
    a: figure(pairs.map(([first]) => first)),
    b: figure(pairs.map(([, second]) => second)),
    ratio: figure(pairs.map(([first, second]) => first / second)),
  }
}

/** What the numbers were taken on. */
export async function machine(): Promise<string> {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const [cpu] = cpus()
  return [
    `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.version}, miniflare ${devDependencies.miniflare}, code ${(await codeSha()).slice(0, 12)}`,
  ].join('\n')
}

export function printTable(name: string, { ratios, figures, notRun }: BenchResult): void {
  const rows = [
    ...Object.entries(ratios).map(([label, value]) => [`ratio ${label}`, value] as const),
    ...Object.entries(figures),
  ]
  const width = Math.max(...rows.map(([label]) => label.length))
  console.log(`\n${name}${' '.repeat(Math.max(1, width - name.length))}     median        low       high`)
  for (const [label, { median, low, high }] of rows) {
    console.log(
      `${label.padEnd(width)} ${[median, low, high].map((value) => show(value).padStart(10)).join(' ')}`,
    )
  }
  for (const peer of notRun) console.log(`not run: ${peer}`)
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
