import type { DatasetRow } from '../../domain/dataset/row.ts'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import { evaluatorInput, rowInput, storedAnswer, type RowInput } from '../../domain/evaluation/row-input.ts'
import type { EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { Env } from '../env.ts'
import { ndjsonLines } from '../registry/ndjson-lines.ts'
import { estimatedTokens, tokenCost } from './engines/price.ts'
import { estimateRemote } from './engines/score-remote.ts'

/** Rows that an estimate is made from: the first ones. */
const SAMPLE = 50
/** Length of an answer that nobody can guess from a reference, in characters. */
const USUAL_ANSWER_CHARS = 1_000

/** What an evaluation will cost, before anything is asked. What is taken over from earlier ones will cost less. */
export interface Estimate {
  rows: number
  /** Tokens of the candidate, over all rows. */
  inputTokens: number
  outputTokens: number
  /** US dollars; null where there is a candidate and its price is not known. */
  candidateUsd: number | null
  /** US dollars of each metric that somebody else gives. */
  metricsUsd: Record<string, number>
  /** As far as prices are known. */
  totalUsd: number
}

export async function estimateCost(
  env: Env,
  spec: EvaluationSpec,
  manifest: DatasetManifest,
): Promise<Estimate> {
  const { rows } = manifest
  const sample = await sampleOf(env, manifest)
  const answered = sample.map((row) => ({ row, answer: guessedAnswer(row) }))
  const mean = (valueOf: (each: (typeof answered)[number]) => number) =>
    answered.reduce((sum, each) => sum + valueOf(each), 0) / Math.max(1, answered.length)
  const asked = spec.candidate !== undefined
  const inputTokens = asked ? Math.round(rows * mean(({ row }) => estimatedTokens(row.prompt))) : 0
  const outputTokens = asked
    ? Math.round(rows * mean(({ answer }) => estimatedTokens([{ content: answer }])))
    : 0
  const inputs = answered.map(({ row, answer }) => evaluatorInput(row, answer))
  const aRow = estimateRemote(env, spec.suite, spec.metrics, inputs)
  const metricsUsd = Object.fromEntries(Object.entries(aRow).map(([metric, usd]) => [metric, usd * rows]))
  const candidateUsd = !asked ? 0 : spec.price ? tokenCost(spec.price, inputTokens, outputTokens) : null
  const totalUsd = Object.values(metricsUsd).reduce((sum, usd) => sum + usd, candidateUsd ?? 0)
  return { rows, inputTokens, outputTokens, candidateUsd, metricsUsd, totalUsd }
}

/** The first rows that can be read. */
async function sampleOf(env: Env, { shards }: DatasetManifest): Promise<RowInput[]> {
  const sample: RowInput[] = []
  let looked = 0
  for await (const line of ndjsonLines(env.ARTIFACTS, shards[0]!.key)) {
    const read = rowInput((JSON.parse(line) as DatasetRow).data)
    if (!('error' in read)) sample.push(read)
    looked += 1
    if (looked >= SAMPLE) break
  }
  return sample
}

function guessedAnswer(row: RowInput): string {
  const stored = storedAnswer(row)
  if (!('error' in stored)) return stored.response
  if (row.expected) return JSON.stringify(row.expected)
  return row.reference ?? 'x'.repeat(USUAL_ANSWER_CHARS)
}
