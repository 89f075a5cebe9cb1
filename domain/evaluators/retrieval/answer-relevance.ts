import { readAnswer } from '../answer.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { MAX_ANSWER_CHARS, MAX_SENTENCES } from '../limits.ts'
import { customerRequest } from '../request.ts'
import { inputProblem, round } from '../source.ts'
import { isCourtesy } from '../text/courtesy.ts'
import { sentences } from '../text/sentences.ts'
import { contentStems, tokenise } from '../text/stems.ts'
import { answerFit, candidateOf } from './answer-fit.ts'
import { isEvasive } from './evasion.ts'
import { readItems } from './items.ts'
import { type Matcher, matcherOf } from './matching.ts'
import { type Query, queryOf } from './query.ts'

/** A good reply repeats about half of its request and says the rest in words of its own. */
const REPEATED_SHARE = 0.5
/** What the fit counts as when no answer of the kind is seen. */
const MIN_FIT = 0.25
/** A statement is on the subject when so much of its content is the closest context item's, */
const ON_SUBJECT_SHARE = 1 / 3
/** or when it fits the question so well, whatever its words. */
const ON_SUBJECT_FIT = 0.8

/**
 * How far the answer addresses the request: `score = √(mean(Q, S) × (0.25 + 0.75·T)) × (1 − E)`.
 *
 * Q = IDF-weighted share of the request's terms that the answer takes up in some form, over 0.5 and cut at 1; IDF is over
 * the context items and the answer. S = share of the answer's statements that are on the subject: that take up a term of
 * the request, hold the kind of answer it asks for, or take a third of their content words from the context item closest
 * to the request. T = how far a statement holds that kind: a date for "when", a name
 * for "who" (`answerFit`; requests that do not tell count 0.75). E = share of the answer's sentences that evade: refusals,
 * "I don't know", "the context does not say".
 *
 * The counterpart by rule of two measures that need a model: RAGAS's response relevancy, the mean cosine of the request
 * and questions generated from the answer, 0 when it is noncommittal (S. Es et al. 2023, arXiv:2309.15217), of which Q is
 * the lexical shadow; and DeepEval's share of the answer's statements that are relevant, which S is.
 *
 * Courtesies are no statements. After a thank-you what was answered before it counts too. Cannot see: whether the answer
 * is right, a short answer in other words than the request's ("By Friday."), irony, and any language but English in T and
 * E. So it is always marked weak: compare answers to the same requests by it, and let a judge decide single ones.
 */
export const answerRelevance: Evaluator = {
  name: 'AnswerRelevance',
  version: '1',
  engine: 'rule',
  summary: 'The answer addresses what was asked, and does not evade.',
  inputs: ['response', 'messages', 'context'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const { request, earlier, answered } = customerRequest(input.messages)
    const query = queryOf(request, earlier)
    if (query.terms.length === 0)
      return { error: 'no customer message with content: there is no request to address' }
    const answer = readAnswer(input.response)
    if (answer.text.trim() === '') return { score: 0, reason: 'The answer is empty.', weak: true }
    const whole = sentences([...answered, answer.text].join('\n').slice(-MAX_ANSWER_CHARS))
    const telling = whole.filter((sentence) => !isCourtesy(sentence) || isFit(query, sentence))
    const said = telling.length > 0 ? telling : whole
    if (said.length === 0) return { score: 0, reason: 'The answer has no words.', weak: true }
    return { ...judge(query, said, readItems(input.context).items, answer.truncated), weak: true }
  },
}

/** "Of course!" is a courtesy, and an answer where yes or no was asked. */
function isFit({ type, asked }: Query, sentence: string): boolean {
  return (
    type === 'yes or no' &&
    answerFit(
      type,
      candidateOf(sentence, asked, () => 0),
    ) >= ON_SUBJECT_FIT
  )
}

interface Statement {
  text: string
  fit: number
  onSubject: boolean
}

function judge(
  query: Query,
  said: readonly string[],
  context: readonly string[],
  truncated: boolean,
): { score: number; reason: string; evidence: Record<string, unknown> } {
  const stems = said.map((sentence) => contentStems(tokenise(sentence)))
  const items = context.map((item) => contentStems(tokenise(item)))
  const matcher = matcherOf(query.terms, [...items, stems.flat()])
  const closest = closestItem(items, matcher)
  const statements = said
    .slice(0, MAX_SENTENCES)
    .map((text, at) => statementOf(text, stems[at] ?? [], query, matcher, closest))
  const evasive = said.slice(0, MAX_SENTENCES).filter(isEvasive)
  const told = statements.filter(({ text }) => !text.endsWith('?') && !isEvasive(text))
  const onSubject = told.filter((statement) => statement.onSubject)
  const taken = Math.min(1, matcher.coverage(stems.flat()) / REPEATED_SHARE)
  const share = told.length === 0 ? 0 : onSubject.length / told.length
  const fit = Math.max(0, ...told.map((statement) => statement.fit))
  const evaded = evasive.length / Math.min(said.length, MAX_SENTENCES)
  const score = Math.sqrt(((taken + share) / 2) * (MIN_FIT + (1 - MIN_FIT) * fit)) * (1 - evaded)
  return {
    score: round(score),
    reason: reasonOf(evasive[0], onSubject.length, told.length, query, fit),
    evidence: {
      requestCoverage: round(taken),
      onSubject: round(share),
      answerType: query.type,
      answerFit: round(fit),
      evasive: evasive.slice(0, 5).map((sentence) => sentence.slice(0, 200)),
      offSubject: told
        .filter((statement) => !statement.onSubject)
        .slice(0, 5)
        .map(({ text }) => text.slice(0, 200)),
      ...(truncated ? { truncated } : {}),
    },
  }
}

/** Stems of the item that covers the request best; none when no item holds a term of it. */
function closestItem(items: readonly (readonly string[])[], matcher: Matcher): ReadonlySet<string> {
  const covered = items.map((item) => matcher.coverage(item))
  const best = covered.reduce((top, one, at) => (one > (covered[top] ?? 0) ? at : top), 0)
  return new Set((covered[best] ?? 0) > 0 ? items[best] : [])
}

function statementOf(
  text: string,
  stems: readonly string[],
  query: Query,
  matcher: Matcher,
  closest: ReadonlySet<string>,
): Statement {
  const fit = answerFit(query.type, candidateOf(text, query.asked, matcher.coverage))
  const taken = stems.filter((stem) => closest.has(stem)).length / Math.max(1, stems.length)
  return {
    text,
    fit,
    onSubject:
      matcher.coverage(stems) > 0 ||
      taken >= ON_SUBJECT_SHARE ||
      (query.type !== 'open' && fit >= ON_SUBJECT_FIT),
  }
}

function reasonOf(
  evasive: string | undefined,
  onSubject: number,
  told: number,
  { type }: Query,
  fit: number,
): string {
  if (evasive !== undefined) return `It evades: "${evasive.slice(0, 120)}".`
  if (told === 0) return 'It states nothing.'
  const subject =
    told === 1
      ? `The one statement ${onSubject === 1 ? 'takes' : 'does not take'} up the request`
      : `${onSubject} of ${told} statements take up the request`
  if (type === 'open' || type === 'yes or no') return `${subject}.`
  return `${subject}, ${fit > 0.5 ? 'with an' : 'without a clear'} answer of the kind asked for (${type}).`
}
