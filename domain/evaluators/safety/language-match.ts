import { detectAll, supportedLanguages, toISO2 } from 'tinyld/light'
import * as z from 'zod'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { customerRequest } from '../request.ts'
import { inputProblem, round } from '../source.ts'
import { Path, withAnswer } from '../text-match/compared.ts'

/** ISO 639-1 codes of the languages that are told apart. */
export const LANGUAGES: readonly string[] = supportedLanguages.map((code) => toISO2(code)).toSorted()

/** Fewer letters say too little: half of such texts are taken for another language. Ideographs say more each. */
const MIN_LETTERS = 20
const MIN_IDEOGRAPHS = 6
/** A language that is this close behind the first may be the right one. */
const CLOSE = 0.05
/** More text than this says nothing new. */
const MAX_READ_CHARS = 2000

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

interface Candidate {
  lang: string
  accuracy: number
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
        ? `The answer is in ${due}, as ${source} asks.`
        : `The answer is in ${first.lang}${close ? ` or ${due}` : ''}; ${source} asks for ${due}.`,
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
  const found = languagesOf(request) ?? languagesOf([...earlier, request].join('\n').slice(-MAX_READ_CHARS))
  return found?.[0].lang
}

/** Languages by likelihood; undefined for texts that are too short, or in none of them. */
function languagesOf(text: string): [Candidate, ...Candidate[]] | undefined {
  // Addresses, links and ids are of no language.
  const prose = text
    .slice(0, MAX_READ_CHARS)
    .replace(/\S*(?:[@_/\\]|\d)\S*/gu, ' ')
    .replace(/\s+/g, ' ')
  const ideographs = prose.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0
  const letters = prose.match(/\p{L}/gu)?.length ?? 0
  if (letters < MIN_LETTERS && ideographs < MIN_IDEOGRAPHS) return undefined
  const [first, ...others] = detectAll(prose)
  return first && [first, ...others]
}
