import type { Token } from './stems.ts'

/** Words in a row that make a copied stretch: shorter ones are common speech. */
const RUN = 5

/**
 * Share of the answer's words that stand in a stretch of at least five words which the sources hold word for word,
 * whatever the case and the marks between. 1 is a pure copy.
 */
export function copyRate(answer: readonly Token[], sources: readonly (readonly Token[])[]): number {
  const words = wordsOf(answer)
  if (words.length === 0) return 0
  const run = Math.min(RUN, words.length)
  const known = new Set<string>()
  for (const source of sources) for (const stretch of runs(wordsOf(source), run)) known.add(stretch)
  const copied = new Uint8Array(words.length)
  runs(words, run).forEach((stretch, at) => {
    if (known.has(stretch)) copied.fill(1, at, at + run)
  })
  return copied.reduce((sum, one) => sum + one, 0) / words.length
}

function wordsOf(tokens: readonly Token[]): string[] {
  return tokens.map((token) => token.text.toLowerCase())
}

function runs(words: readonly string[], length: number): string[] {
  const found: string[] = []
  for (let i = 0; i + length <= words.length; i++) found.push(words.slice(i, i + length).join(' '))
  return found
}
