import * as z from 'zod'
import type { Evaluated, Evaluator } from '../evaluator.ts'
import { round } from '../source.ts'
import { Path, cutText, withReference } from './compared.ts'
import { ngramCounts, overlap } from './ngram-counts.ts'
import { SPACES } from './tokenise-13a.ts'

const CHARACTER_ORDER = 6
const WORD_ORDER = 2

const Params = z.strictObject({
  /** `chrF++` counts words and pairs of words as well. */
  variant: z.enum(['chrF', 'chrF++']).default('chrF'),
  /** How many times as much recall counts as precision. */
  beta: z.number().positive().max(10).default(2),
  lowercase: z.boolean().default(false),
  path: Path,
})
type Params = z.infer<typeof Params>

/**
 * Character n-grams that the answer shares with the good answer (M. Popović 2015, chrF++ 2017), as sacreBLEU 2.6
 * computes `sentence_chrf`, over 100. Works for every script.
 *
 * `score = (1 + β²)·P·R / (β²·P + R)`; P and R are the mean precision and recall over the orders that both texts reach:
 * n-grams of 1 to 6 characters (code points) without white space, and with chrF++ 1 and 2 words. Reads the first
 * MAX_ANSWER_CHARS of each.
 */
export const chrF: Evaluator<Params> = {
  name: 'ChrF',
  version: '1',
  engine: 'rule',
  summary: 'The answer shares its character sequences with the good answer.',
  inputs: ['response', 'reference', 'expected'],
  params: Params,
  evaluate(input, params) {
    return withReference(input, params.path, (answer, reference) => judge(answer, reference, params))
  },
}

function judge(answer: string, reference: string, { variant, beta, lowercase }: Params): Evaluated {
  const [given, good] = [cutText(answer), cutText(reference)]
  const counts = ({ text }: { text: string }) =>
    ngramsOf(lowercase ? text.toLowerCase() : text, variant === 'chrF++' ? WORD_ORDER : 0)
  const [hypothesis, target] = [counts(given), counts(good)]
  if (sizeOf(target[0]) === 0) return { error: 'the good answer is empty' }
  let [precision, recall, orders] = [0, 0, 0]
  hypothesis.forEach((ngrams, index) => {
    const others = target[index] ?? new Map<string, number>()
    const [size, otherSize] = [sizeOf(ngrams), sizeOf(others)]
    if (size === 0 || otherSize === 0) return
    const matches = overlap(ngrams, others)
    precision += matches / size
    recall += matches / otherSize
    orders++
  })
  precision /= Math.max(1, orders)
  recall /= Math.max(1, orders)
  const factor = beta ** 2
  const score =
    precision + recall === 0 ? 0 : ((1 + factor) * precision * recall) / (factor * precision + recall)
  return {
    score: round(score),
    reason: `${Math.round(recall * 100)}% of the good answer's character sequences are in the answer, ${Math.round(precision * 100)}% the other way.`,
    evidence: {
      precision: round(precision),
      recall: round(recall),
      ...(given.truncated || good.truncated ? { truncated: true } : {}),
    },
  }
}

function ngramsOf(text: string, wordOrder: number): Map<string, number>[] {
  const words = text.split(SPACES).filter((word) => word !== '')
  const characters = Array.from(words.join(''))
  const byCharacters = Array.from({ length: CHARACTER_ORDER }, (_, n) => ngramCounts(characters, n + 1, ''))
  const parts = wordOrder === 0 ? [] : words.flatMap(withoutPunctuation)
  return [...byCharacters, ...Array.from({ length: wordOrder }, (_, n) => ngramCounts(parts, n + 1, ' '))]
}

/** A word and the mark at its end or, when there is none, at its start: `(hi)` is `(hi` and `)`, as in the reference code. */
function withoutPunctuation(word: string): string[] {
  const characters = Array.from(word)
  if (characters.length < 2) return [word]
  if (/[!-/:-@[-`{-~]$/.test(word)) return [word.slice(0, -1), word.slice(-1)]
  return /^[!-/:-@[-`{-~]/.test(word) ? [word.slice(0, 1), word.slice(1)] : [word]
}

function sizeOf(counts: ReadonlyMap<string, number> | undefined): number {
  let size = 0
  for (const count of counts?.values() ?? []) size += count
  return size
}
