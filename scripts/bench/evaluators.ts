import { taskFigures, toolFigures } from './evaluators/call-sets.ts'
import { discrimination, exactly } from './evaluators/discrimination.ts'
import { startPeer, type Peer, type PeerProcess } from './evaluators/peers.ts'
import { piiFigures } from './evaluators/pii-set.ts'
import { schemaFigures } from './evaluators/schema-set.ts'
import { findSets, type LabelledSet } from './evaluators/sets.ts'
import {
  measureGroundedness,
  measureRelevance,
  TEXT_PEERS,
  type MeasuredSet,
} from './evaluators/text-sets.ts'
import { simulateGates } from './evaluators/simulation.ts'
import { peerRowsPerSecond, startScoringStack } from './evaluators/throughput.ts'
import type { Estimate } from '../../domain/statistics/proportion.ts'
import { figure, type Bench, type BenchResult, type Figure } from './harness.ts'

type Peers = ReadonlyMap<Peer, PeerProcess>

/** Rows that are scored at once, and those that show whether the cost of a row stays the same. */
const ROWS = 10_000
const FEW_ROWS = 1_000

/**
 * How well the rule engines tell good from bad, by people's labels; how often the gates err; and how fast rows are scored.
 * A figure of a set is a point with its 95% interval (clusters are drawn, not rows); peers answer the same questions in
 * the same run.
 */
export const evaluators: Bench = async ({ data }) => {
  const notRun: string[] = []
  const figures: Record<string, Figure> = {}
  const ratios: Record<string, Figure> = {}
  const peers = await startPeers(notRun)
  try {
    if (data === undefined) notRun.push('labelled sets: give a folder of them with --data DIR')
    for (const set of data === undefined ? [] : findSets(data))
      Object.assign(figures, await measureSet(set, peers))
    Object.assign(figures, simulationFigures())
    const speed = await measureSpeed(peers.get('autoevals'))
    Object.assign(figures, speed.figures)
    Object.assign(ratios, speed.ratios)
  } finally {
    for (const peer of peers.values()) peer.stop()
  }
  return { ok: true, ratios, figures, notRun }
}

/** Scoring through queue, objects and storage, in turn with the peer's heuristics in one Node process. */
async function measureSpeed(
  autoevals: PeerProcess | undefined,
): Promise<Pick<BenchResult, 'figures' | 'ratios'>> {
  const stack = await startScoringStack()
  try {
    await stack.score(FEW_ROWS)
    const few = await stack.score(FEW_ROWS)
    const before = autoevals && (await peerRowsPerSecond(autoevals, FEW_ROWS))
    const many = await stack.score(ROWS)
    const after = autoevals && (await peerRowsPerSecond(autoevals, FEW_ROWS))
    const rate = many.rows / many.seconds
    const peer = [before, after].filter((one) => one !== undefined)
    return {
      ratios: {
        ...(peer.length > 0 ? { rows_vs_autoevals: figure(peer.map((one) => rate / one)) } : {}),
        cost_of_a_row_vs_a_tenth_of_the_rows: exactly(many.seconds / many.rows / (few.seconds / few.rows)),
      },
      figures: {
        rows_scored_per_s: exactly(rate),
        ...(peer.length > 0 ? { autoevals_rows_per_s: figure(peer) } : {}),
        rss_idle_mb: exactly(stack.idleMb),
        rss_scoring_mb: exactly(many.peakMb),
      },
    }
  } finally {
    await stack.stop()
  }
}

/** The gates on simulated models. The headline is the worst size for promotions, and the largest for blocks. */
function simulationFigures(): Record<string, Figure> {
  const sizes = simulateGates()
  const byRows = sizes.flatMap(({ rows, falsePromotion, falseBlock, naive }) => [
    [`false_promotion.${rows}_rows`, interval(falsePromotion)] as const,
    [`false_block.${rows}_rows`, interval(falseBlock)] as const,
    [`false_block.${rows}_rows.at_or_above`, interval(naive.falseBlock)] as const,
  ])
  const worst = sizes.toSorted((a, b) => b.falsePromotion.value - a.falsePromotion.value)[0]!
  return {
    false_promotion: interval(worst.falsePromotion),
    false_block: interval(sizes.at(-1)!.falseBlock),
    ...Object.fromEntries(byRows),
  }
}

function interval({ value, lower, upper }: Estimate): Figure {
  return { median: value, low: lower, high: upper }
}

function measureSet(
  set: LabelledSet,
  peers: Peers,
): Promise<Record<string, Figure>> | Record<string, Figure> {
  switch (set.family) {
    case 'groundedness':
      return withPeers(set, measureGroundedness(set), peers)
    case 'contextrelevance':
      return withPeers(set, measureRelevance(set), peers)
    case 'toolselection':
      return toolFigures(set, peers.get('autoevals'))
    case 'taskcompletion':
      return taskFigures(set, peers.get('autoevals'))
    case 'jsonschema':
      return schemaFigures(set, peers.get('autoevals'))
    case 'pii':
      return piiFigures(set)
  }
}

async function withPeers(
  { name }: LabelledSet,
  { figures, peerCalls, labels }: MeasuredSet,
  peers: Peers,
): Promise<Record<string, Figure>> {
  const all = { ...figures }
  for (const { label, peer, scorer } of TEXT_PEERS) {
    const scores = await peers.get(peer)?.score(peerCalls.map((call) => ({ ...call, scorer })))
    const results = scores?.map((score) => (score === null ? { error: 'no score' } : { score, reason: '' }))
    if (results) Object.assign(all, discrimination(`${name}.${label}`, results, labels))
  }
  return all
}

async function startPeers(notRun: string[]): Promise<Peers> {
  const started = new Map<Peer, PeerProcess>()
  for (const peer of ['autoevals', 'promptfoo'] as const) {
    try {
      started.set(peer, await startPeer(peer))
    } catch (error) {
      notRun.push(`${peer}: ${(error as Error).message.slice(0, 200)}`)
    }
  }
  return started
}
