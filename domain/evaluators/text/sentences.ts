/** Words that end in a full stop inside a sentence. */
const ABBREVIATION = /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|inc|ltd|co|jr|sr|e\.g|i\.e|[a-z])\.$/i

/** `1.` that numbers a line, or a day as German writes it before a month: "am 3. November". */
const NUMBERING = /^\s*\d{1,2}\.$/
const DAY = /(?:^|\s)\d{1,2}\.$/
const MONTH_NEXT =
  /^\s(?:jan(?:uar|\.)|jänner|feb(?:ruar|\.)|märz|apr(?:il|\.)|mai|jun[i.]|jul[i.]|aug(?:ust|\.)|sep(?:t\.|tember)|o[kc]t(?:ober|\.)|nov(?:ember|\.)|de[zc](?:ember|\.))/i

/** Longest run of text without a sentence end that is still one sentence. */
const MAX_SENTENCE = 1000

/** A stretch of a text, `[start, end)`. */
export interface Span {
  start: number
  end: number
}

/**
 * Splits a text at line ends, after `.`, `!`, `?` that a space or the end follows, but not after an abbreviation or the
 * number of a line, and after the full-width marks of Chinese and Japanese. Linear in the text: every character is looked at once.
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
    else if (char === '。' || char === '！' || char === '？') cut(i + 1)
    else if ((char === '.' || char === '!' || char === '?' || char === '؟') && isSpace(text[i + 1]))
      if (char !== '.' || !isInside(text, start, i + 1)) cut(i + 1)
  }
  cut(text.length)
  return found
}

/** Whether the full stop before `end` is one within the sentence that began at `start`. */
function isInside(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(start, end - 7), end)
  if (ABBREVIATION.test(before)) return true
  if (!/\d\.$/.test(before)) return false
  return (
    (end - start <= 7 && NUMBERING.test(before)) ||
    (DAY.test(before) && MONTH_NEXT.test(text.slice(end, end + 12)))
  )
}

function isSpace(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\n' || char === '\t'
}
