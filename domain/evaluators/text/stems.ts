import { stemmer } from 'stemmer'
import { STOP_WORDS } from './stopwords.ts'

/** A word of a text: as written, its lower-case stem, where it starts, and whether it carries content. */
export interface Token {
  text: string
  stem: string
  start: number
  content: boolean
}

/** Letters and digits, with the marks that live inside a number, an id or a contraction (`1,249.00`, `A-20318`, `can't`). */
const WORD = /[\p{L}\p{N}\p{M}]+(?:[.,'’_-][\p{L}\p{N}\p{M}]+)*/gu

/** Longer "words" are base64 or junk: compared as they are, cut, since stemming them costs much and says nothing. */
const MAX_WORD = 40

/** Stems already computed: words repeat, and the Porter stemmer is half the cost of a row. Emptied when full. */
const known = new Map<string, string>()
const MAX_KNOWN = 20_000

/** Tokens in order. Joined words are split unless they hold a digit: `two-day` meets `two day`, `order_id` meets `order`. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  for (const match of text.matchAll(WORD)) {
    const word = match[0]
    if (/[-_]/.test(word) && !/\p{N}/u.test(word)) {
      let start = match.index
      for (const part of word.split(/[-_]/)) {
        tokens.push(token(part, start))
        start += part.length + 1
      }
    } else tokens.push(token(word, match.index))
  }
  return tokens
}

function token(word: string, start: number): Token {
  const text = word.slice(0, MAX_WORD)
  const lower = text.toLowerCase().replace(/['’]s?$|['’](?:s|re|ve|ll|d|m)$/u, '')
  return { text, stem: stemOf(lower), start, content: !STOP_WORDS.has(lower) && !/^\p{L}$/u.test(lower) }
}

/** Porter stem (M. F. Porter 1980, "An algorithm for suffix stripping") of a lower-case word without accents. */
export function stemOf(lower: string): string {
  const seen = known.get(lower)
  if (seen !== undefined) return seen
  const plain = lower.normalize('NFKD').replace(/\p{M}/gu, '')
  const stem = /^[a-z]+$/.test(plain) ? stemmer(plain) : plain.replace(/,(?=\d)/g, '')
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(lower, stem)
  return stem
}

/** The content stems of tokens, in order, with repeats. */
export function contentStems(tokens: readonly Token[]): string[] {
  return tokens.filter((token) => token.content).map((token) => token.stem)
}
