import { round } from '../source.ts'
import { weightedCoverage } from '../text/idf.ts'
import { commonSubsequenceLength } from '../text-match/common-subsequence.ts'
import { bestWindow } from '../text/window.ts'
import type { Claim } from './claims.ts'
import { adjacencyOf, placementOf } from './company.ts'
import { contradictionsOf } from './contradictions.ts'
import { type MissingFact, missingFacts } from './known-facts.ts'
import type { SourceIndex } from './source-index.ts'

/** The best window is so many times as long as the claim that is looked for in it, and never shorter than MIN_WIDTH. */
const WINDOW_FACTOR = 2
const MIN_WIDTH = 8
/** Terms around the window that still belong to it. */
const MARGIN = 2
/** Longer claims are compared by their first terms: order costs length × window. */
const MAX_ORDERED = 200
/** Evidence below this coverage speaks of something else, and contradicts nothing. */
const SAME_MATTER = 0.5

/** How a claim is borne out by the context. Each part is in [0, 1]. */
export interface Support {
  claim: Claim
  /** Mean of the five parts. */
  score: number
  parts: { coverage: number; window: number; order: number; adjacency: number; placement: number }
  /** The best window: its text, which context item it is of, and where it starts there. */
  evidence?: { text: string; item: number; start: number }
  missing: MissingFact[]
  /** Words that the context lacks, as written. */
  missingTerms: string[]
  contradictions: string[]
}

/**
 * The mean of five parts, each a share of the claim's terms (content stems, with numbers and dates as values):
 * `coverage` by the whole context and `window` by its best window, both IDF-weighted; `order`, the longest common
 * subsequence with the window over the claim's length (ROUGE-L precision, C.-Y. Lin 2004); `adjacency`, neighbours that
 * are neighbours in the context too, half when turned round; `placement`, how much of its company the worst-placed term
 * keeps: a name or number that the context has elsewhere, of something else, stands among strangers. The fields of a
 * record (`amount: 49.90; status: in transit`) count as neighbours in the claim's order.
 */
export function supportOf(claim: Claim, source: SourceIndex): Support {
  const stems = claim.terms.map((term) => term.stem)
  const weight = (stem: string) => source.idf.weight(stem)
  const width = Math.max(MIN_WIDTH, stems.length * WINDOW_FACTOR)
  const sequence = sequenceParts(stems, bestWindow(stems, source.positions, width, weight), source)
  const record = bestRecord(stems, source)
  const best =
    record && record.parts.window >= sequence.parts.window
      ? { ...record, parts: highest(record.parts, sequence.parts) }
      : sequence
  const { parts, window } = best
  const evidence = window && placed(source, window, new Set(stems))
  return {
    claim,
    score: Object.values(parts).reduce((sum, part) => sum + part, 0) / 5,
    parts,
    ...(evidence ? { evidence } : {}),
    missing: missingFacts(claim.text, claim.tokens, claim, source.facts),
    missingTerms: [
      ...new Map(
        claim.terms.flatMap(({ stem, text }) => (source.positions.has(stem) ? [] : [[stem, text]])),
      ).values(),
    ],
    contradictions:
      window && parts.window >= SAME_MATTER
        ? contradictionsOf(claim.terms, source.terms.slice(window.from, window.to))
        : [],
  }
}

type Parts = Support['parts']
interface Place {
  parts: Parts
  window?: { from: number; to: number }
}

/** The parts of a claim beside its best window. */
function sequenceParts(
  stems: readonly string[],
  found: { from: number; to: number } | undefined,
  source: SourceIndex,
): Place {
  const from = found ? Math.max(0, found.from - MARGIN) : 0
  const to = found ? Math.min(source.stems.length, found.to + MARGIN) : 0
  const inWindow = source.stems.slice(from, to)
  const windowHas = new Set(inWindow)
  const ordered = stems.slice(0, MAX_ORDERED)
  const coverage = weightedCoverage(stems, (stem) => source.positions.has(stem), source.idf)
  const parts = {
    coverage,
    window: weightedCoverage(stems, (stem) => windowHas.has(stem), source.idf),
    order: commonSubsequenceLength(ordered, inWindow) / ordered.length,
    adjacency: adjacencyOf(stems, source.positions),
    placement: placementOf(stems, source) ?? coverage,
  }
  return { parts, ...(found ? { window: { from, to } } : {}) }
}

/** The parts of a claim beside the record that covers it best: all its fields are neighbours, in order. */
function bestRecord(stems: readonly string[], source: SourceIndex): Required<Place> | undefined {
  let best: Required<Place> | undefined
  const coverage = weightedCoverage(stems, (stem) => source.positions.has(stem), source.idf)
  const known = stems.filter((stem) => source.positions.has(stem))
  for (const record of source.records) {
    const has = (stem: string) => record.stems.has(stem)
    const window = weightedCoverage(stems, has, source.idf)
    if (window <= (best?.parts.window ?? 0)) continue
    const held = stems.map(has)
    const pairs = held.filter((one, at) => at > 0 && one && held[at - 1]).length
    best = {
      parts: {
        coverage,
        window,
        order: held.filter(Boolean).length / stems.length,
        adjacency: stems.length > 1 ? pairs / (stems.length - 1) : window,
        placement: weightedCoverage(known, has, source.idf),
      },
      window: { from: record.from, to: record.to },
    }
  }
  return best
}

function highest(a: Parts, b: Parts): Parts {
  return {
    coverage: Math.max(a.coverage, b.coverage),
    window: Math.max(a.window, b.window),
    order: Math.max(a.order, b.order),
    adjacency: Math.max(a.adjacency, b.adjacency),
    placement: Math.max(a.placement, b.placement),
  }
}

/** What a claim says that is wrong or unknown: 1 when it contradicts its evidence, and the facts that no source mentions. */
export function faultsOf({ contradictions, missing }: Support): number {
  return missing.reduce((sum, fact) => sum + fact.weight, contradictions.length > 0 ? 1 : 0)
}

/** Evidence is stored with every row. */
const MAX_EVIDENCE_CHARS = 6000
const MAX_LISTED = 5

/** What a report shows of claims, from the first on, as much as a row may keep. JSON values only. */
export function supportsEvidence<Extra extends object = object>(
  supports: readonly (Support & Extra)[],
  extra: (support: Support & Extra) => Record<string, string> = () => ({}),
): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = []
  let left = MAX_EVIDENCE_CHARS
  for (const support of supports) {
    const one = { ...extra(support), ...supportEvidence(support) }
    left -= JSON.stringify(one).length
    if (left < 0) break
    found.push(one)
  }
  return found
}

function supportEvidence({ claim, score, parts, evidence, ...lacks }: Support) {
  const facts = (kind: MissingFact['kind']) =>
    shownTexts(lacks.missing.filter((fact) => fact.kind === kind).map((fact) => fact.text))
  return {
    text: claim.text.slice(0, 200),
    support: round(score),
    parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, round(part)])),
    ...(evidence ? { window: evidence } : {}),
    missingNumbers: facts('number'),
    missingEntities: facts('entity'),
    missingTerms: shownTexts(lacks.missingTerms),
    contradictions: shownTexts(lacks.contradictions),
  }
}

/** Texts as evidence and reasons show them: the first few, cut. */
export function shownTexts(texts: readonly string[]): string[] {
  return texts.slice(0, MAX_LISTED).map((text) => text.slice(0, 60))
}

/** Longest window shown. */
const MAX_SHOWN = 300

/** The window without what it has twice at its beginning, as text. */
function placed(
  { stems, terms, placeOf }: SourceIndex,
  window: { from: number; to: number },
  wanted: ReadonlySet<string>,
) {
  let { from } = window
  const { to } = window
  const last = new Map<string, number>()
  for (let i = from; i < to; i++) last.set(stems[i]!, i)
  while (from + 1 < to && !(wanted.has(stems[from]!) && last.get(stems[from]!) === from)) from++
  const place = placeOf(from)
  const start = terms[from]?.start
  if (!place || start === undefined) return undefined
  // A window may run over into the next item: what is shown ends with its own.
  const end = placeOf(to - 1) === place ? terms[to - 1]?.end : place.text.length
  return {
    text: place.text.slice(start, Math.min(end ?? start, start + MAX_SHOWN)),
    item: place.item,
    start,
  }
}
