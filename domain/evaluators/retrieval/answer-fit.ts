import { dateMentions } from '../text/dates.ts'
import { type EntityMention, entityMentions } from '../text/entities.ts'
import { type NumberMention, numberMentions } from '../text/numbers.ts'
import { type Unit, isMoney, isTime } from '../text/units.ts'
import { type Token, tokenise } from '../text/stems.ts'
import type { AnswerType } from './question.ts'

/** A sentence of an item that may hold the answer. */
export interface Candidate {
  text: string
  tokens: readonly Token[]
  /** Stems and lower-case words of the request: an answer is something that the request does not say itself. */
  asked: ReadonlySet<string>
  /** How much of what the request names, by weight, a stretch of the sentence's start names. */
  named(until: number): number
}

/** Neither for nor against: the request does not say what it asks for, or the text cannot tell. */
const UNKNOWN_FIT = 0.75
/** A word points to an answer of the kind ("until", "several") without giving one. */
const VAGUE_FIT = 0.5

const CALENDAR =
  /\b(?:january|february|march|april|june|july|august|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:1\d|20)\d0s|\d{1,2}(?:th|st|nd|rd) century)\b/i
const YEAR = /^(?:1\d{3}|20\d{2})$/
const WHEN =
  /\b(?:before|after|during|until|when|once|every|daily|immediately|instantly|today|tomorrow|yesterday)\b/i
const COUNT =
  /\b(?:one|single|several|many|dozens?|hundreds?|thousands?|millions?|no|none|few|only|pair|twice|once|half)\b/i
const FREE = /\b(?:free|no charge|no fee)\b/i
const LOCATIVE =
  /\b(?:in|at|near|from|around|outside|inside|between|off|throughout|across)\s+(?:the\s+)?$|,\s*$/i
const LOCATED =
  /\b(?:located|situated|based|headquartered|native to|found (?:in|on|at)|lies? (?:in|on|at))\b/i
const BESIDE = /\b(?:in|at|on|near|under|behind|between|throughout|below|above)\b/i
const ROLE =
  /\b(?:teams?|desks?|departments?|staff|agents?|managers?|owners?|directors?|officers?|administrators?|members?|committee|board|council|authority)\b/i
const BECAUSE =
  /\b(?:because|since|due to|caused?|causes|owing to|reasons?|so that|as a result|in order to|therefore|leads? to|prevents?)\b/i
const STEPS =
  /\b(?:by \p{L}+ing|using|through|via|first|then|must|should|can|click|select|choose|open|press|tap|enter|go to)\b/iu
const COPULA =
  /\b(?:is|are|was|were|refers? to|means?|denotes?|describes?|known as|called|consists?|defined)\b/i
const YES_OR_NO = /^\W*(?:yes|yeah|yep|no|nope|of course|certainly|absolutely|sure|correct|indeed|not yet)\b/i
const PRONOUN = /^\W*(?:it|he|she|they|this|these)\b/i

/**
 * How far a sentence holds a thing of the kind asked for, in [0, 1]: a name for "who", a date for "when", a number for
 * "how many", a place for "where", "X is …" for "what is X". Answer typing as in the question answering of TREC
 * (X. Li and D. Roth 2002, "Learning Question Classifiers"), by surface forms. What the request says itself is no answer.
 */
export function answerFit(type: AnswerType, candidate: Candidate): number {
  const { text } = candidate
  switch (type) {
    case 'time':
      return timeFit(candidate)
    case 'duration':
      return unitFit(candidate, isTime) || (CALENDAR.test(text) ? VAGUE_FIT : 0)
    case 'money':
      return unitFit(candidate, isMoney) || (FREE.test(text) ? 1 : 0)
    case 'percentage':
      return unitFit(candidate, ({ of }) => of === 'percent')
    case 'quantity':
      return newNumbers(candidate).length > 0 ? 1 : COUNT.test(text) ? VAGUE_FIT : 0
    case 'person':
      return personFit(candidate)
    case 'place':
      return placeFit(candidate)
    case 'reason':
      return BECAUSE.test(text) ? 1 : 0.25
    case 'procedure':
      return STEPS.test(text) ? 0.75 : 0.5
    case 'definition':
      return definitionFit(candidate)
    case 'yes or no':
      return YES_OR_NO.test(text) ? 1 : UNKNOWN_FIT
    case 'open':
      return UNKNOWN_FIT
  }
}

function timeFit(candidate: Candidate): number {
  const { text, tokens, asked } = candidate
  if (dateMentions(text).some((date) => !asked.has(date.text.toLowerCase()))) return 1
  if (CALENDAR.test(text) || tokens.some((token) => YEAR.test(token.text) && !asked.has(token.text))) return 1
  if (newNumbers(candidate).some(({ unit }) => unit && isTime(unit))) return 1
  return WHEN.test(text) ? VAGUE_FIT : 0
}

/** A number in a unit of the kind, else any number. */
function unitFit(candidate: Candidate, isOfKind: (unit: Unit) => boolean): number {
  const numbers = newNumbers(candidate)
  if (numbers.some(({ unit }) => unit && isOfKind(unit))) return 1
  return numbers.length > 0 ? VAGUE_FIT : 0
}

function newNumbers({ text, asked }: Candidate): NumberMention[] {
  if (!/\d|t[wh]|f[io]|s[ie]|eig|nine|ten|ele/i.test(text)) return []
  return numberMentions(text, dateMentions(text)).filter(
    (mention) =>
      !asked.has(String(mention.value)) &&
      !asked.has(mention.text.toLowerCase()) &&
      !(YEAR.test(mention.text) && !mention.unit),
  )
}

function newNames({ text, tokens, asked }: Candidate): EntityMention[] {
  return entityMentions(text, tokens).filter(
    (name) => !/\d/.test(name.text) && name.stems.some((stem) => stem.length > 1 && !asked.has(stem)),
  )
}

function personFit(candidate: Candidate): number {
  if (!hasCapitals(candidate.text)) return UNKNOWN_FIT
  const names = newNames(candidate)
  if (names.some((name) => /\bby\s+(?:the\s+)?$/i.test(candidate.text.slice(0, name.start)))) return 1
  if (names.some((name) => name.stems.length > 1)) return 0.8
  if (names.length > 0) return 0.6
  return ROLE.test(candidate.text) ? 0.3 : 0
}

function placeFit(candidate: Candidate): number {
  const { text } = candidate
  if (LOCATED.test(text)) return 1
  if (!hasCapitals(text)) return BESIDE.test(text) ? UNKNOWN_FIT : 0.25
  if (opensWithName(candidate)) return 0.9
  const names = newNames(candidate)
  if (names.some((name) => LOCATIVE.test(text.slice(Math.max(0, name.start - 20), name.start)))) return 0.9
  return names.length > 0 ? 0.4 : BESIDE.test(text) ? 0.4 : 0
}

const OPENING_NAME = /^\W*(\p{Lu}[\p{L}\p{M}'’-]+)\s+(?:is|was|are|were|became)\s/u

/** "Paris is the capital of France": one word that may be a name, of which something is said. */
function opensWithName({ text, asked }: Candidate): boolean {
  const [, name] = OPENING_NAME.exec(text) ?? []
  if (name === undefined) return false
  const [token] = tokenise(name)
  return token?.content === true && !PRONOUN.test(name) && !asked.has(token.stem)
}

/** Some corpora and chats are all in lower case: then no name can be told. */
function hasCapitals(text: string): boolean {
  return /\p{Lu}/u.test(text.slice(1))
}

/** The term first, then a form of be: how far the sentence names the term before it. */
function definitionFit({ text, named }: Candidate): number {
  const copula = COPULA.exec(text)
  if (!copula) return 0.25
  return Math.max(0.25 + 0.75 * named(copula.index), PRONOUN.test(text) ? VAGUE_FIT : 0)
}

/** The sentence as a candidate. `named(until)` is told the stems before a place. */
export function candidateOf(
  text: string,
  asked: ReadonlySet<string>,
  weightOf: (stems: readonly string[]) => number,
): Candidate {
  const tokens = tokenise(text)
  return {
    text,
    tokens,
    asked,
    named: (until) => weightOf(tokens.filter(({ start }) => start < until).map(({ stem }) => stem)),
  }
}
