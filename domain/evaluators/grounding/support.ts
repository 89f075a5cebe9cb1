import { round } from '../source.ts'
import { weightedCoverage } from '../text/idf.ts'
import { bestWindow, longestCommonSubsequence } from '../text/window.ts'
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
  missingTerms: string[]
  contradictions: string[]
}

/**
 * The mean of five parts, each a share of the claim's terms (content stems, with numbers and dates as values):
 * `coverage` by the whole context and `window` by its best window, both IDF-weighted; `order`, the longest common
 * subsequence with the window over the claim's length (ROUGE-L precision, C.-Y. Lin 2004); `adjacency`, neighbours that
 * are neighbours in the context too, half when turned round; `placement`, how much of its company the worst-placed term
 * keeps: a name or number that the context has elsewhere, of something else, stands among strangers.
 */
export function supportOf(claim: Claim, source: SourceIndex): Support {
  const stems = claim.terms.map((term) => term.stem)
  const weight = (stem: string) => source.idf.weight(stem)
  const width = Math.max(MIN_WIDTH, stems.length * WINDOW_FACTOR)
  const window = bestWindow(stems, source.positions, width, weight)
  const from = window ? Math.max(0, window.from - MARGIN) : 0
  const to = window ? Math.min(source.stems.length, window.to + MARGIN) : 0
  const inWindow = source.stems.slice(from, to)
  const windowHas = new Set(inWindow)
  const ordered = stems.slice(0, MAX_ORDERED)
  const coverage = weightedCoverage(stems, (stem) => source.positions.has(stem), source.idf)
  const parts = {
    coverage,
    window: weightedCoverage(stems, (stem) => windowHas.has(stem), source.idf),
    order: longestCommonSubsequence(ordered, inWindow) / ordered.length,
    adjacency: adjacencyOf(stems, source.positions),
    placement: placementOf(stems, source) ?? coverage,
  }
  const evidence = window && placed(source, window, new Set(stems))
  return {
    claim,
    score: Object.values(parts).reduce((sum, part) => sum + part, 0) / 5,
    parts,
    ...(evidence ? { evidence } : {}),
    missing: missingFacts(claim.text, claim.tokens, claim, source.facts),
    missingTerms: [...new Set(stems)].filter((stem) => !source.positions.has(stem)),
    contradictions:
      parts.window >= SAME_MATTER ? contradictionsOf(claim.terms, source.terms.slice(from, to)) : [],
  }
}

/** What a report shows of a claim. JSON values only. */
export function supportEvidence({ claim, score, parts, evidence, ...lacks }: Support) {
  const facts = (kind: MissingFact['kind']) =>
    lacks.missing.filter((fact) => fact.kind === kind).map((fact) => fact.text)
  return {
    text: claim.text.slice(0, 200),
    support: round(score),
    parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, round(part)])),
    ...(evidence ? { window: evidence } : {}),
    missingNumbers: facts('number').slice(0, 10),
    missingEntities: facts('entity').slice(0, 10),
    missingTerms: lacks.missingTerms.slice(0, 10),
    contradictions: lacks.contradictions.slice(0, 10),
  }
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
