import * as z from 'zod'
import { MAX_PATTERN, linearRegex } from '../evaluators/text-match/linear-regex.ts'
import { normalise } from '../evaluators/text-match/normalise.ts'
import { fold } from '../redaction/residual/fold.ts'
import type { Check } from './guardrail.ts'

export const DenyParams = z
  .strictObject({
    /** In RE2's syntax (https://github.com/google/re2/wiki/Syntax), found anywhere. */
    patterns: z.array(z.string().min(1).max(MAX_PATTERN)).max(50).default([]),
    /** Whole words, in this order; every run of white space is one space. */
    phrases: z.array(z.string().trim().min(1).max(200)).max(1_000).default([]),
    ignoreCase: z.boolean().default(true),
  })
  .refine(({ patterns, phrases }) => patterns.length + phrases.length > 0, {
    message: 'give patterns or phrases',
  })
  .superRefine(({ patterns, ignoreCase }, context) => {
    for (const [i, pattern] of patterns.entries()) {
      const regex = linearRegex(pattern, ignoreCase ? 'i' : '')
      if ('problem' in regex)
        context.addIssue({ code: 'custom', path: ['patterns', i], message: `the pattern ${regex.problem}` })
    }
  })

/** 1 when nothing is said that a pattern or phrase names. Texts are read as people see them, too: without invisible characters. */
export function denyCheck(
  on: 'request' | 'response',
  { patterns, phrases, ignoreCase }: z.infer<typeof DenyParams>,
): Check {
  const regexes = patterns.map((pattern) => linearRegex(pattern, ignoreCase ? 'i' : ''))
  const form = (text: string) =>
    normalise(fold(text), { ignoreCase, ignorePunctuation: false, trim: true, collapseWhitespace: true })
  const phrase = phrases.length > 0 ? wholeWords(phrases.map(form)) : undefined
  return ({ texts, said }) => {
    // The operator's own words in a system message may name what is denied.
    const heard = on === 'response' ? texts : said.flatMap(({ text }) => text ?? [])
    for (const text of heard) {
      if (phrase?.test(form(text))) return { score: 0 }
      const folded = fold(text)
      for (const regex of regexes) {
        if ('problem' in regex) return { score: null }
        if (text.length > regex.maxChars) return { score: null, note: 'too_long' }
        if (regex.test(text) || (folded !== text && regex.test(folded))) return { score: 0 }
      }
    }
    return { score: 1 }
  }
}

function wholeWords(phrases: readonly string[]): RegExp {
  const escaped = phrases.map((one) => one.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'u')
}
