import * as z from 'zod'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { customerRequest } from '../request.ts'
import { inputProblem, round } from '../source.ts'
import { type Candidate, LANGUAGES, languageName, languagesOf } from '../text/language.ts'
import { Path, withAnswer } from '../text-match/compared.ts'

/** A language that is this close behind the first may be the right one. */
const CLOSE = 0.05
/** What was said before is read from here to its end. */
const MAX_EARLIER_CHARS = 2000

const Params = z.strictObject({
  /** ISO 639-1 code; the language of the request when absent. */
  language: z.enum(LANGUAGES).exactOptional(),
  path: Path,
})

/**
 * 1 when the answer is in the given language or, without one, in that of the request, else 0; label is its language.
 *
 * Detection is `tinyld/light` (character n-grams; 24 languages). What is too short to tell is an error. When the
 * expected language is as likely as the first but for 0.05, the score is 1 and marked weak: near languages (Norwegian,
 * Danish) and short texts are often confused. A language it does not know is taken for its nearest relative.
 */
export const languageMatch: Evaluator<z.infer<typeof Params>> = {
  name: 'LanguageMatch',
  version: '1',
  engine: 'rule',
  summary: 'The answer is in the language of the request.',
  inputs: ['response', 'messages'],
  params: Params,
  evaluate(input, { language, path }) {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    return withAnswer(input, path, (answer) => {
      const found = languagesOf(answer)
      if (!found) return { error: 'the answer is too short to tell its language' }
      const due = language ?? requestLanguage(input)
      if (due === undefined)
        return { error: 'the request is too short to tell its language: set the parameter language' }
      return judge(found, due, language === undefined)
    })
  },
}

function judge(found: readonly [Candidate, ...Candidate[]], due: string, asked: boolean): Evaluated {
  const [first] = found
  const near = found.find(({ lang }) => lang === due)
  const close = near !== undefined && first.accuracy - near.accuracy <= CLOSE
  const source = asked ? 'the request' : 'the parameter'
  return {
    score: close ? 1 : 0,
    reason:
      first.lang === due
        ? `The answer is in ${languageName(due)}, as ${source} asks.`
        : `The answer is in ${languageName(first.lang)}${close ? ` or ${languageName(due)}` : ''}; ${source} asks for ${languageName(due)}.`,
    label: first.lang,
    evidence: {
      expected: due,
      candidates: found
        .slice(0, 3)
        .map(({ lang, accuracy }) => ({ language: lang, confidence: round(accuracy) })),
    },
    ...(close && first.lang !== due ? { weak: true } : {}),
  }
}

/** Of the last message that asks for something; with what was said before, where that alone is too short. */
function requestLanguage({ messages }: EvaluatorInput): string | undefined {
  const { request, earlier } = customerRequest(messages)
  const found =
    languagesOf(request) ?? languagesOf([...earlier, request].join('\n').slice(-MAX_EARLIER_CHARS))
  return found?.[0].lang
}
