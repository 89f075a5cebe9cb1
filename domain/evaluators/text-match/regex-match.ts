import * as z from 'zod'
import type { Evaluator } from '../evaluator.ts'
import { Path, withAnswer } from './compared.ts'
import { MAX_PATTERN, linearRegex } from './linear-regex.ts'

const Params = z
  .strictObject({
    /** In RE2's syntax; found anywhere in the answer unless `^` and `$` bind it. */
    pattern: z.string().min(1).max(MAX_PATTERN),
    /** `i` ignores letter case, `m` makes `^` and `$` those of lines, `s` lets `.` match line ends. */
    flags: z
      .string()
      .regex(/^(?!.*(.).*\1)[ims]*$/, 'is not made of i, m and s, each once')
      .default(''),
    /** True when the pattern must not be found. */
    negate: z.boolean().default(false),
    path: Path,
  })
  .superRefine(({ pattern, flags }, context) => {
    const regex = linearRegex(pattern, flags)
    if ('problem' in regex)
      context.addIssue({ code: 'custom', path: ['pattern'], message: `the pattern ${regex.problem}` })
  })

/** 1 when the pattern is found in the answer, else 0; `negate` turns it round. Matching is linear in time (see linear-regex). */
export const regexMatch: Evaluator<z.infer<typeof Params>> = {
  name: 'RegexMatch',
  version: '1',
  engine: 'rule',
  summary: 'The answer has the pattern that it should, or lacks the one that it should not have.',
  inputs: ['response'],
  params: Params,
  evaluate(input, { pattern, flags, negate, path }) {
    const regex = linearRegex(pattern, flags)
    if ('problem' in regex) return { error: `the pattern ${regex.problem}` }
    return withAnswer(input, path, (answer) => {
      if (answer.length > regex.maxChars)
        return { error: `the answer is longer than ${regex.maxChars} characters, too long for this pattern` }
      const found = regex.test(answer)
      return {
        score: found === negate ? 0 : 1,
        reason: found ? 'The pattern is in the answer.' : 'The pattern is not in the answer.',
        evidence: { found },
      }
    })
  },
}
