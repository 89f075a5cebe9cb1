import { sentences } from '../text/sentences.ts'
import { tokenise } from '../text/stems.ts'

/** What kind of thing answers a question: what a reader would look for in a passage before reading it. */
export type AnswerType =
  | 'person'
  | 'time'
  | 'duration'
  | 'quantity'
  | 'money'
  | 'percentage'
  | 'place'
  | 'definition'
  | 'reason'
  | 'procedure'
  | 'yes or no'
  | 'open'

const words = (list: string) => new Set(list.split(' '))

/** Nouns after "what" or "which", by what they ask for. */
const ASKED_NOUNS: readonly (readonly [AnswerType, ReadonlySet<string>])[] = [
  ['time', words('year years date dates day days month time times century decade deadline birthday season')],
  ['place', words('city country countries state county town place location address continent region province street island village capital nation')],
  ['person', words('actor actress author singer artist president king queen person man woman director writer founder inventor player coach band')],
  ['percentage', words('percent percentage share proportion')],
  ['money', words('price prices cost costs fee fees fare salary wage rent premium charge')],
  ['quantity', words('number amount population size height weight length distance depth temperature speed age area capacity limit maximum minimum score rate measurement measurements')],
  ['duration', words('duration')],
  ['reason', words('reason reasons cause causes')],
  ['definition', words('definition meaning')],
] // prettier-ignore

/** The word after "how", by what it asks for. */
const HOW: readonly (readonly [AnswerType, ReadonlySet<string>])[] = [
  ['duration', words('long soon quickly fast')],
  ['quantity', words('many much old big large small tall high deep wide far heavy hot cold often strong thick late early')],
  ['procedure', words('do does did can could should to would will is are was were')],
] // prettier-ignore

/** After these a question word asks even without a question mark: "I would like to know when it arrives". */
const ASKING = words(
  'know tell ask asking wonder wondering see understand explain check find out sure remember say and or about idea show',
)
const WH = words('who whom whose what which when where why how')
const BE = words('is are was were')
const AUXILIARIES = words('do does did is are was were will would can could should has have had')
const SUBJECTS = words('i you we he she it they the my your our')
const INDEFINITE = words('a an')
/** "What is my balance" asks for a fact, not for what a balance is. */
const OWN = words('my your our his her its their this that it there going wrong')
const OF_ROLE = words('the your our their')
/** What may follow a term in a question that asks for more than what the term means. */
const RELATIONS = words('of for to in on at from by with about used made called like before after than')

/** A question word opens its sentence, with a greeting or a preposition before it: "hi, in which city". */
const OPENING_WORDS = 2
/** Between "what" and its noun stand at most so many words: "what is the average annual price". */
const NOUN_REACH = 5
/** "What is" with more words after it asks for something of the term, not for the term. */
const MAX_TERM_WORDS = 5
/** A request is searched for its question up to here. */
const MAX_CHARS = 4000

/** The kind of answer that a request asks for, by the question word and the noun beside it; `open` when they do not say. */
export function answerType(request: string): AnswerType {
  const parts = sentences(request.slice(0, MAX_CHARS))
  for (const part of [...parts.filter((part) => part.includes('?')), ...parts]) {
    const said = tokenise(part).map((token) => token.text.toLowerCase())
    const type = typeOfSentence(expand(said), part.includes('?'))
    if (type) return type
  }
  const question = parts.find((part) => part.endsWith('?'))
  return question !== undefined && YES_OR_NO.test(question) ? 'yes or no' : 'open'
}

/** A question that opens with its verb, with a greeting before it: "Hi, can I return used shoes?" */
const YES_OR_NO =
  /^\W*(?:(?:hi|hello|hey|ok|okay|so|and|but|please|sorry|thanks)\b\W*){0,3}(?:is|are|was|were|am|do|does|did|can|could|will|would|should|has|have|may|might|must)(?:n['’]t)?\s/i

/** "What's" is two words. */
function expand(said: readonly string[]): string[] {
  return said.flatMap((word) =>
    /['’]s$/.test(word) && WH.has(word.slice(0, -2)) ? [word.slice(0, -2), 'is'] : word,
  )
}

function typeOfSentence(said: readonly string[], isQuestion: boolean): AnswerType | undefined {
  for (let at = 0; at < said.length; at++) {
    const word = said[at] ?? ''
    if (!WH.has(word)) continue
    // "When I pay by card, …" tells a circumstance, as does "the agent who called me"; "Do you know when it arrives?" asks.
    const circumstance = at === 0 && word === 'when' && SUBJECTS.has(said[1] ?? '')
    if (
      !circumstance &&
      (isQuestion || at <= OPENING_WORDS || said.slice(at - 2, at).some((before) => ASKING.has(before)))
    )
      return typeOfClause(word, said.slice(at + 1))
  }
  return undefined
}

function typeOfClause(wh: string, rest: readonly string[]): AnswerType {
  const next = rest[0] ?? ''
  if (wh === 'why' || (wh === 'how' && next === 'come')) return 'reason'
  if (wh === 'when') return 'time'
  if (wh === 'where') return 'place'
  if (wh === 'how') {
    if (next === 'much' && (AUXILIARIES.has(rest[1] ?? '') || rest[1] === 'money')) return 'money'
    if (next === 'long' && rest[1] === 'ago') return 'time'
    return HOW.find(([, list]) => list.has(next))?.[0] ?? 'procedure'
  }
  const isWho = wh.startsWith('who')
  // "Who is the manager" asks for a name; "who was Daniel Daly" has one.
  if (asksForTerm(rest) && !(isWho && OF_ROLE.has(rest[1] ?? ''))) return 'definition'
  if (isWho) return 'person'
  for (const noun of nounPhrase(rest)) {
    const asked = ASKED_NOUNS.find(([, list]) => list.has(noun))
    if (asked) return asked[0]
  }
  return rest.includes('mean') || rest.includes('stand') ? 'definition' : 'open'
}

/** Words from the question word to the end of the noun phrase: up to a preposition or the verb. "A day" names a thing. */
function nounPhrase(rest: readonly string[]): readonly string[] {
  const from = BE.has(rest[0] ?? '') ? 1 : 0
  if (INDEFINITE.has(rest[from] ?? '')) return []
  const end = rest.findIndex((word, at) => at >= from && (RELATIONS.has(word) || AUXILIARIES.has(word)))
  return rest.slice(from, Math.min(end < 0 ? rest.length : end, from + NOUN_REACH))
}

/** "What is a wiki platform", "who was Daniel Daly": a form of be, and nothing but the term. */
function asksForTerm(rest: readonly string[]): boolean {
  if (!BE.has(rest[0] ?? '') || OWN.has(rest[1] ?? '')) return false
  const indefinite = INDEFINITE.has(rest[1] ?? '')
  const term = rest.slice(indefinite || rest[1] === 'the' ? 2 : 1)
  return (
    term.length > 0 &&
    term.length <= MAX_TERM_WORDS &&
    !term.some((word) => RELATIONS.has(word)) &&
    (indefinite || !ASKED_NOUNS.some(([, list]) => term.some((word) => list.has(word))))
  )
}
