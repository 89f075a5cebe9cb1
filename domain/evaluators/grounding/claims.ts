import { MAX_SENTENCES } from '../limits.ts'
import { isCourtesy } from '../text/courtesy.ts'
import { entityMentions } from '../text/entities.ts'
import { sentenceSpans, type Span } from '../text/sentences.ts'
import { type Token, tokenise } from '../text/stems.ts'
import { isNegator } from './opposites.ts'
import { type ReadTerms, termsOf } from './terms.ts'

/** A sentence of the answer that says something which the context can bear out or not. */
export interface Claim extends ReadTerms {
  text: string
  tokens: Token[]
}

/** "Here is a summary of the passage." */
const PREAMBLE =
  /^(?:here(?:['’]s| is| are)|sure|certainly|of course)\b.*\b(?:summary|answer|passage|information|points)\b/i
/** `2.` numbers what follows; it is cut off as a sentence of its own. */
const LIST_MARKER = /^\W*\d{1,2}[.)]?$/
const NUMBERING = /^\d{1,2}[.)]\s+/
/** The line that opens a block of code. */
const FENCE = /^(?:```|~~~)\w*$/
/** Below the headings of a Markdown table. */
const TABLE_RULE = /^\s*\n[ \t]*\|?[ \t]*:?-{2,}/
/** "You ordered blue shoes": what the customer said or did is known from the customer, when it is. */
const RETOLD =
  /\byou(?:['’]ve| have|['’]d| had)? (?:just |already |also )?(?:ordered|bought|purchased|returned|sent|said|wrote|mentioned|asked|told|reported|received|paid|tried|contacted|requested|wanted|want|need|needed|noticed|described|explained|placed|chose|booked|cancell?ed)\b/i
/** "The passage does not say when.": what a source lacks cannot be looked up in it. */
const SOURCE = /\b(?:passages?|contexts?|texts?|documents?|articles?|sources?|excerpts?)\b/i
const SILENT =
  /\b(?:not|no|unable|cannot|\w+n['’]t)\b.*\b(?:mention|specif|provid|stat|say|contain|includ|giv|answer|clear|inform)/i

/** Words for speaking of the source, by stem: no claim about the world, unless the source itself has them. */
const ABOUT_SOURCE = new Set(
  'passag articl document context summari summar inform accord mention describ discuss text author piec core cover concis provid base given state'.split(
    ' ',
  ),
)

/**
 * The claims of an answer, at most MAX_SENTENCES; courtesies are none, nor is what the customer said. `has` tells whether
 * the context has a stem, `told` whether the customer has said it, other than in a question.
 */
export function claimsOf(
  answer: string,
  has: (stem: string) => boolean,
  told: (stem: string) => boolean = () => false,
  unit: 'sentence' | 'clause' = 'sentence',
): Claim[] {
  const sentences = sentenceSpans(answer)
  const spans = unit === 'clause' ? sentences.flatMap((span) => clauseSpans(answer, span)) : sentences
  const found: Claim[] = []
  for (const [at, { start, end }] of spans.entries()) {
    if (found.length >= MAX_SENTENCES) break
    const text = answer.slice(start, end).replace(NUMBERING, '')
    if (text.endsWith(':') && at < spans.length - 1 && !/\d/.test(text)) continue
    if (FENCE.test(text) || TABLE_RULE.test(answer.slice(end, end + 40)) || isCourtesy(text)) continue
    if (LIST_MARKER.test(text) || PREAMBLE.test(text) || (SOURCE.test(text) && SILENT.test(text))) continue
    const tokens = tokenise(text)
    const read = termsOf(text, tokens)
    if (text.endsWith('?') && !/\d/.test(text) && entityMentions(text, tokens).length === 0) continue
    const about = read.terms.filter(({ stem }) => has(stem) || !ABOUT_SOURCE.has(stem))
    if (RETOLD.test(text) && about.every(({ stem }) => told(stem))) continue
    // "No." by itself negates what the customer said, which is no evidence.
    if (about.some(({ text }) => !isNegator(text.toLowerCase())))
      found.push({ text, tokens, ...read, terms: about })
  }
  return found
}

/** Where a sentence may hold two claims. */
const JOINT = /;\s?|,? (?:and|but|while|whereas|although) /g
/** A part with fewer content words is no claim of its own: "fish and chips". */
const MIN_CLAUSE = 4

/** A sentence cut at semicolons and conjunctions into parts that each say something. */
function clauseSpans(text: string, { start, end }: Span): Span[] {
  const sentence = text.slice(start, end)
  const contentStarts = tokenise(sentence).flatMap((token) => (token.content ? [token.start] : []))
  const count = (from: number, to: number) => contentStarts.filter((at) => at >= from && at < to).length
  const found: Span[] = []
  let from = 0
  for (const joint of sentence.matchAll(JOINT)) {
    if (count(from, joint.index) < MIN_CLAUSE || count(joint.index, sentence.length) < MIN_CLAUSE) continue
    found.push({ start: start + from, end: start + joint.index })
    from = joint.index + joint[0].length
  }
  return [...found, { start: start + from, end }]
}
