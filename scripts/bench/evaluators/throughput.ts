import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answer, createClient, ingestRows } from '../../../client/sluice.ts'
import { knowledgeText } from '../../../domain/dataset/prompt.ts'
import { Transcript } from '../../../domain/dataset/transcript.ts'
import { evaluatorByName } from '../../../domain/evaluators/registry.ts'
import { generateTranscripts } from '../../../examples/support-agent/transcripts/index.ts'
import { supportSuite } from '../../../examples/support-agent/workflow.ts'
import { startStack } from '../../stack/stack.ts'
import { watchWorkerd } from '../engine/memory.ts'
import type { PeerCall, PeerProcess } from './peers.ts'

/** The four of the mission, and the two comparisons that peers have too. */
const EVALUATORS = [
  'Groundedness',
  'ContextRelevance',
  'TaskCompletion',
  'JSONValidation',
  'FuzzyMatch',
  'ROUGE',
] as const
const SEED = 3
const POLL_MS = 100
const TIMEOUT_MS = 1_200_000

/** A row with an answer to it: no model is asked, since what is measured is scoring. */
interface AnsweredRow {
  id: string
  cohort?: string
  data: { messages: unknown; context: string[]; response: string; expected: unknown }
}

export interface Throughput {
  rows: number
  seconds: number
  /** The most that workerd held while it scored, in MB. */
  peakMb: number
}

export interface ScoringStack {
  /** Memory of workerd before any evaluation, in MB. */
  idleMb: number
  /** Scores so many rows by six rule evaluators, through queue, objects and storage. */
  score(rows: number): Promise<Throughput>
  stop(): Promise<void>
}

/** A stack of its own for evaluations of stored answers. */
export async function startScoringStack(): Promise<ScoringStack> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const stack = await startStack({ stateDir, log: () => undefined, dashboard: false })
  const access = { url: stack.url, key: stack.settings.adminKey }
  const client = createClient(access)
  const memory = watchWorkerd()
  const { ref: suite } = await answer(client.suites.$post({ json: suiteOfSix() as never }))
  return {
    idleMb: memory.now(),
    async score(rows) {
      const upload = answeredRows(rows).map((row) => JSON.stringify(row))
      const { ref: dataset } = await ingestRows(access, `bench-${rows}`, upload.join('\n'))
      memory.peak()
      const started = performance.now()
      const request = { header: {}, json: { dataset, suite, force: true } }
      const { evaluationId } = await answer(client.evaluations.$post(request as never))
      await finished(client, evaluationId!)
      return { rows, seconds: (performance.now() - started) / 1000, peakMb: memory.peak() }
    },
    async stop() {
      memory.stop()
      await stack.stop()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

/** The peer's heuristics on the same rows: six, as many as ours. */
export function heuristicCalls(rows: number): PeerCall[] {
  return answeredRows(rows).flatMap(({ data }): PeerCall[] => {
    const [made, due] = [JSON.parse(data.response) as { reply: string }, data.expected as { reply: string }]
    const context = data.context.join('\n')
    return [
      { scorer: 'Levenshtein', output: made.reply, expected: context },
      { scorer: 'Levenshtein', output: made.reply, expected: due.reply },
      { scorer: 'ExactMatch', output: made.reply, expected: due.reply },
      { scorer: 'NumericDiff', output: made.reply.length, expected: due.reply.length },
      { scorer: 'JSONDiff', output: made, expected: due },
      { scorer: 'ValidJSON', output: data.response, schema: supportSuite.answerSchema },
    ]
  })
}

/** Rows a second of the peer in one Node process, with nothing around it. */
export async function peerRowsPerSecond(peer: PeerProcess, rows: number): Promise<number> {
  const [, ...seconds] = await peer.time(heuristicCalls(rows), 4)
  return rows / Math.min(...seconds)
}

function suiteOfSix() {
  const metrics = EVALUATORS.map((name) => {
    const { version } = evaluatorByName(name)!
    return { metric: name, evaluator: name, version }
  })
  return { name: 'bench', metrics, answerSchema: supportSuite.answerSchema }
}

/** Generated transcripts; each is answered as the one before it should have been, so that good and bad answers mix. */
function answeredRows(rows: number): AnsweredRow[] {
  const transcripts = generateTranscripts({ seed: SEED, rows })
  return transcripts.map(({ id, cohort, data }, index) => {
    const { messages, knowledge, expected } = Transcript.parse(data)
    const other = Transcript.parse(transcripts[index % 2 === 0 ? index : index - 1]!.data)
    return {
      id,
      ...(cohort === undefined ? {} : { cohort }),
      data: {
        messages,
        context: knowledge.map(knowledgeText),
        response: JSON.stringify(other.expected),
        expected,
      },
    }
  })
}

async function finished(client: ReturnType<typeof createClient>, evaluationId: string): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS
  while (Date.now() < deadline) {
    const { status } = await answer(
      client.evaluations[':evaluationId'].$get({ param: { evaluationId } } as never),
    )
    if (status === 'finished') return
    if (status !== 'running') throw new Error(`${evaluationId} ended as ${status}`)
    await sleep(POLL_MS)
  }
  throw new Error(`${evaluationId} did not end in ${TIMEOUT_MS / 1000} s`)
}
