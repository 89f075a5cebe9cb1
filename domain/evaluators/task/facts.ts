import type { ReadText } from '../source.ts'
import { type FactBase, factBase, factCount, factsOf, missingFacts, valueTokens } from '../text/facts.ts'
import { contentStems, tokenise } from '../text/stems.ts'

/**
 * How much of the good text a reply conveys: mean over the kinds of fact that the good text has of the share of its
 * numbers and dates, of its names and ids, and of its content stems. 1 when it has none.
 */
export function factRecall(wanted: readonly ReadText[], reply: string): number {
  const tokens = tokenise(reply)
  const base = factBase([{ text: reply, tokens }])
  const said = new Set(valueTokens(reply, tokens).map((token) => token.stem))
  const shares: number[] = []
  for (const { text, tokens } of wanted) {
    const facts = factsOf(text, tokens)
    const count = factCount(facts)
    const missing = missingFacts(facts, base)
    if (count.numbers > 0) shares.push(1 - missing.numbers.length / count.numbers)
    if (count.entities > 0) shares.push(1 - missing.entities.length / count.entities)
    const stems = new Set(contentStems(valueTokens(text, tokens)))
    if (stems.size > 0) shares.push([...stems].filter((stem) => said.has(stem)).length / stems.size)
  }
  return shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** Share of the reply's numbers, dates, names and ids that the base lacks. */
export function unsupportedShare(reply: string, base: FactBase): number {
  const facts = factsOf(reply)
  const count = factCount(facts)
  const missing = missingFacts(facts, base)
  const total = count.numbers + count.entities
  return total === 0 ? 0 : (missing.numbers.length + missing.entities.length) / total
}
