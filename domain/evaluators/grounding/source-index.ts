import type { ReadText } from '../source.ts'
import { type Idf, idfOf } from '../text/idf.ts'
import { sentenceSpans } from '../text/sentences.ts'
import { type Positions, positionsOf } from '../text/window.ts'
import { type FactSource, type KnownFacts, knownFacts } from './known-facts.ts'
import { type SourceRecord, recordsOf } from './records.ts'
import { type Term, termsOf } from './terms.ts'

/** The context, read once for all claims. */
export interface SourceIndex {
  /** The terms of all texts, one after another. */
  terms: readonly Term[]
  stems: readonly string[]
  positions: Positions
  /** Over the context's sentences: a term that every sentence has tells little. */
  idf: Idf
  facts: KnownFacts
  records: readonly SourceRecord[]
  /** The text, and the index of the given text, that a term stands in. */
  placeOf(term: number): { text: string; item: number } | undefined
}

/** `mentioned` are texts whose numbers and names are known, though nothing else of them is evidence. */
export function sourceIndex(context: readonly ReadText[], mentioned: readonly ReadText[]): SourceIndex {
  const texts = context.map((source) => ({ ...source, ...termsOf(source.text, source.tokens) }))
  const terms = texts.flatMap((source) => source.terms)
  const stems = terms.map((term) => term.stem)
  const ends: number[] = []
  for (const source of texts) ends.push((ends.at(-1) ?? 0) + source.terms.length)
  const extra = mentioned.map((source): FactSource => ({ ...source, ...termsOf(source.text, source.tokens) }))
  return {
    terms,
    stems,
    positions: positionsOf(stems),
    idf: idfOf(texts.flatMap((source) => stemsBySentence(source.text, source.terms))),
    facts: knownFacts([...texts, ...extra]),
    records: texts.flatMap(({ text, terms: own }, at) => recordsOf(text, own, ends[at - 1] ?? 0)),
    placeOf: (term) => texts[ends.findIndex((end) => term < end)],
  }
}

function stemsBySentence(text: string, terms: readonly Term[]): string[][] {
  let next = 0
  return sentenceSpans(text).map(({ end }) => {
    const stems: string[] = []
    for (let term = terms[next]; term && term.start < end; term = terms[++next]) stems.push(term.stem)
    return stems
  })
}
