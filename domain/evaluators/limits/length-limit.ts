import * as z from 'zod'
import type { Evaluator } from '../evaluator.ts'
import { sentences } from '../text/sentences.ts'
import { Path, withAnswer } from '../text-match/compared.ts'

const Params = z
  .strictObject({
    unit: z.enum(['characters', 'words', 'sentences']).default('characters'),
    min: z.number().int().nonnegative().default(0),
    max: z.number().int().positive().exactOptional(),
    path: Path,
  })
  .refine(({ min, max }) => min > 0 || max !== undefined, { message: 'set min, max or both' })
  .refine(({ min, max }) => max === undefined || min <= max, { path: ['min'], message: 'is above max' })

/** A run of letters and digits, with the marks inside it (`don't`, `A-20318`, `3.5`); each ideograph is one of its own. */
const WORD =
  /\p{sc=Han}|(?:(?!\p{sc=Han})[\p{L}\p{M}\p{N}])+(?:['’.,-](?:(?!\p{sc=Han})[\p{L}\p{M}\p{N}])+)*/gu

/**
 * 1 when the answer has from `min` to `max` characters (code points), words or sentences, else 0. A limit is kept or not:
 * degrees of "too long" would be arbitrary, and the mean of 0 and 1 is the share of answers that keep it.
 */
export const lengthLimit: Evaluator<z.infer<typeof Params>> = {
  name: 'LengthLimit',
  version: '1',
  engine: 'rule',
  summary: 'The answer is neither too short nor too long.',
  inputs: ['response'],
  params: Params,
  evaluate(input, { unit, min, max, path }) {
    return withAnswer(input, path, (answer) => {
      const length = lengthOf(answer, unit)
      const kept = length >= min && length <= (max ?? Infinity)
      const range = max === undefined ? `at least ${min}` : min === 0 ? `at most ${max}` : `${min} to ${max}`
      return {
        score: kept ? 1 : 0,
        reason: `${length} ${length === 1 ? unit.slice(0, -1) : unit}; the limit is ${range}.`,
        evidence: { length, min, ...(max === undefined ? {} : { max }) },
      }
    })
  },
}

function lengthOf(text: string, unit: 'characters' | 'words' | 'sentences'): number {
  if (unit === 'sentences') return sentences(text).length
  if (unit === 'words') return text.match(WORD)?.length ?? 0
  let characters = 0
  for (const _ of text) characters++
  return characters
}
