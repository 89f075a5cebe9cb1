import * as z from 'zod'
import type { Evaluated, Evaluator } from '../evaluator.ts'
import { Path, withAnswer, withReference } from './compared.ts'
import { normalise } from './normalise.ts'

const Params = z.strictObject({
  /** What is looked for; the good answer when absent. */
  texts: z.array(z.string().min(1).max(1000)).min(1).max(100).exactOptional(),
  mode: z.enum(['all', 'any']).default('all'),
  ignoreCase: z.boolean().default(false),
  /** True when the answer must not hold them: `all` then means none of them, `any` not every one. */
  negate: z.boolean().default(false),
  path: Path,
})
type Params = z.infer<typeof Params>

/** 1 when the answer holds all, or any, of the texts as they are written; `negate` turns it round. Every run of white space is one space. */
export const contains: Evaluator<Params> = {
  name: 'Contains',
  version: '1',
  engine: 'rule',
  summary: 'The answer holds the texts that it should, or none that it should not.',
  inputs: ['response', 'reference', 'expected'],
  params: Params,
  evaluate(input, params) {
    const { texts, path } = params
    return texts
      ? withAnswer(input, path, (answer) => judge(answer, texts, params))
      : withReference(input, path, (answer, reference) => judge(answer, [reference], params))
  },
}

function judge(answer: string, texts: readonly string[], { mode, ignoreCase, negate }: Params): Evaluated {
  const form = (text: string) =>
    normalise(text, { ignoreCase, ignorePunctuation: false, trim: false, collapseWhitespace: true })
  const given = form(answer)
  const found = texts.filter((text) => given.includes(form(text)))
  const missing = texts.filter((text) => !found.includes(text))
  const evidence = { found: shown(found), missing: shown(missing) }
  if (negate) {
    const clean = mode === 'all' ? found.length === 0 : missing.length > 0
    return clean
      ? { score: 1, reason: 'The answer holds nothing that it must not.', evidence }
      : { score: 0, reason: `The answer holds ${quoted(found)}, which it must not.`, evidence }
  }
  const held = mode === 'all' ? missing.length === 0 : found.length > 0
  return held
    ? { score: 1, reason: `The answer holds ${quoted(found)}.`, evidence }
    : { score: 0, reason: `The answer lacks ${quoted(missing)}.`, evidence }
}

function shown(texts: readonly string[]): string[] {
  return texts.slice(0, 20).map((text) => text.slice(0, 200))
}

function quoted(texts: readonly string[]): string {
  const named = texts.slice(0, 3).map((text) => `"${text.slice(0, 60)}"`)
  return named.join(', ') + (texts.length > 3 ? ` and ${texts.length - 3} more` : '')
}
