/** Words that end in a full stop inside a sentence. */
const ABBREVIATION = /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|inc|ltd|co|jr|sr|e\.g|i\.e|[a-z])\.$/i

/** Longest run of text without a sentence end that is still one sentence. */
const MAX_SENTENCE = 1000

/** A stretch of a text, `[start, end)`. */
export interface Span {
  start: number
  end: number
}

/**
 * Splits a text at line ends and after `.`, `!`, `?` that a space or the end follows, but not after an abbreviation.
 * Linear in the text: every character is looked at once.
 */
export function sentences(text: string): string[] {
  return sentenceSpans(text).map(({ start, end }) => text.slice(start, end))
}

/** Where the sentences are, without the space around them. */
export function sentenceSpans(text: string): Span[] {
  const found: Span[] = []
  let start = 0
  const cut = (end: number) => {
    const piece = text.slice(start, end)
    const sentence = piece.trim()
    const from = start + (piece.length - piece.trimStart().length)
    if (/[\p{L}\p{N}]/u.test(sentence)) found.push({ start: from, end: from + sentence.length })
    start = end
  }
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '\n' || i - start >= MAX_SENTENCE) cut(i + 1)
    else if ((char === '.' || char === '!' || char === '?') && isSpace(text[i + 1])) {
      const before = text.slice(Math.max(start, i - 6), i + 1)
      if (char !== '.' || !ABBREVIATION.test(before)) cut(i + 1)
    }
  }
  cut(text.length)
  return found
}

function isSpace(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\n' || char === '\t'
}
