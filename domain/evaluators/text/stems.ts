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

/** Scripts that write words without spaces between. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/gu
const HAS_UNSPACED = new RegExp(UNSPACED, 'u')

/**
 * Tokens in order. Joined words are split unless they hold a digit: `two-day` meets `two day`, `order_id` meets
 * `order`. Scripts without spaces are read as overlapping pairs of characters, as Lucene's CJKBigramFilter does.
 */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  const unspaced = HAS_UNSPACED.test(text)
  for (const match of text.matchAll(WORD)) {
    const word = match[0]
    if (unspaced && HAS_UNSPACED.test(word)) pushUnspaced(word, match.index, tokens)
    else if (/[-_]/.test(word) && !/\p{N}/u.test(word)) {
      let start = match.index
      for (const part of word.split(/[-_]/)) {
        tokens.push(token(part, start))
        start += part.length + 1
      }
    } else tokens.push(token(word, match.index))
  }
  return tokens
}

function pushUnspaced(word: string, start: number, tokens: Token[]): void {
  const spaced = (from: number, to: number) => {
    for (const token of tokenise(word.slice(from, to)))
      tokens.push({ ...token, start: start + from + token.start })
  }
  let end = 0
  for (const { index, 0: run } of word.matchAll(UNSPACED)) {
    if (index > end) spaced(end, index)
    const characters = [...run]
    let at = start + index
    for (let i = 0; i < Math.max(1, characters.length - 1); i++) {
      tokens.push({ ...token(characters.slice(i, i + 2).join(''), at), content: true })
      at += characters[i]?.length ?? 0
    }
    end = index + run.length
  }
  if (end < word.length) spaced(end, word.length)
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
