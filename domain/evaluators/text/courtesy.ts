import { contentStems, stemOf, tokenise } from './stems.ts'

/** What thanks, greetings, apologies and offers of help are made of. English, stop words apart. */
const WORDS =
  `thank thanks cheers great perfect good bye goodbye day nice lot much sure correct right fine awesome wonderful appreciate
appreciated everything need help cool night evening even morning hello hi hey dear sir madam customer welcome please pleased glad
happy delighted assist assistance reach reaching contact contacting message anything anytime time else let know feel free hesitate
question questions concern concerns further additional hope helps ask sorry apologise apologize apologies inconvenience trouble
confusion frustration understand patience course absolutely certainly hear regards best kind warm wishes sincerely faithfully truly
afternoon weekend lovely enjoy rest ahead regarding matter answer answers clarify clarifies assured`.split(
    /\s+/,
  )
const COURTEOUS = new Set(WORDS.map(stemOf))

const GREETING =
  /^(?:hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day))\b(?:[ ,]+[\p{L}.'’-]+){0,3}[ ,.!]*$/iu
const SIGN_OFF =
  /^(?:(?:best|kind|warm|many)(?: regards| wishes| thanks)|regards|sincerely|yours (?:sincerely|truly|faithfully)|cheers)\b[ ,]*(?:[\p{L}.'’-]+ ?){0,4}[.!]*$/iu

const MAX_CHARS = 200

/** Whether a sentence only greets, thanks, apologises, offers help or takes leave. It says and asks for nothing. */
export function isCourtesy(sentence: string): boolean {
  if (sentence.length > MAX_CHARS || /\d/.test(sentence)) return false
  if (GREETING.test(sentence) || SIGN_OFF.test(sentence)) return true
  return contentStems(tokenise(sentence)).every((stem) => COURTEOUS.has(stem))
}
