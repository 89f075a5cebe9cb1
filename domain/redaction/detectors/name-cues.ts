import type { PiiSpan } from '../kinds.ts'

const PART = "\\p{Lu}[\\p{L}\\p{M}'’-]*\\.?"
const PARTICLE = '(?:de|da|di|do|dos|del|della|la|le|van|von|der|den|ter|bin|ibn|al|el|y|zu|af|av)'
/** One to four capitalised words, particles between them, with initials. */
const NAME = `(?:${PART})(?:[ -](?:${PARTICLE} ){0,2}${PART}){0,3}`
const FULL_NAME = `(?:${PART})(?:[ -](?:${PARTICLE} ){0,2}${PART}){1,3}`

const any = (words: string) =>
  words.replace(/(?<![\\\p{L}])\p{L}/gu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)

const TITLED = new RegExp(
  `(?<![\\p{L}])(?:${any('(?:mr|mrs|ms|mx|dr|prof|herr|frau|señor|señora|sra|mme|monsieur|madame|miss|doctor)')})\\.? (${NAME})`,
  'gu',
)

/** Words after which a name stands. Sure ones take one word, weak ones need two: "I'm German" is no name. */
const SURE = [
  new RegExp(
    `(?<![\\p{L}_])(?:${any("(?:first |last |full |maiden |middle |family |sur|customer'?s? |account |contact |recipient |cardholder |holder |user)?name")}[ _]?(?:\\son (?:the|my) \\p{L}+\\??)?(?:'s|’s| is|:|=|\\?)+\\s{1,2})(${NAME})`,
    'gu',
  ),
  TITLED,
  new RegExp(
    `(?<![\\p{L}])(?:${any("(?:my name is|call me|me llamo|mi nombre es|ich hei(?:ß|ss)e|mein name ist|je m[’']appelle|my (?:wife|husband|son|daughter|brother|sister|friend|colleague|partner),?)")}) (${NAME})`,
    'gu',
  ),
  new RegExp(
    `(?:^|[.!,\\n] ?)(?:${any('(?:kind |best |warm )?(?:regards|wishes|sincerely|cheers|yours|saludos|gr(?:ü|ue)(?:ß|ss)e)')}),?\\s{1,3}(${NAME})(?=[.!,]?\\s*$)`,
    'gu',
  ),
]
/** Record lines: `customer: Jane Fletcher`, but neither `product_name:` nor `name:`. */
const RECORD = new RegExp(
  `(?<![\\p{L}_])(?:${any('(?:(?:customer|contact|recipient|passenger|cardholder|account_holder|buyer|client|guest)(?:[ _]name)?|(?:full|first|last|sur|given|family)[ _]?name)')})[:=]\\s?(${NAME})(?=\\s*(?:[;,.|\\n]|$))`,
  'gu',
)
const WEAK = [
  new RegExp(
    `(?<![\\p{L}])(?:${any("(?:i am|i[’']m|this is|here is|it is|it[’']s|speaking with|ich bin|je suis|soy|signed),?")}) (${FULL_NAME})`,
    'gu',
  ),
  new RegExp(
    `(?:^|[.!?\\n] ?)(?:${any('(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|thank you|thanks|sorry|hallo|hola|bonjour)')}),? (${NAME})(?=\\s*[,.!?:–-]|\\s*$|\\s+\\p{Ll})`,
    'gu',
  ),
]
/** "my name is john smith": what follows is a name even in lower case, but it ends at a word of common speech. */
const LOWER =
  /(?<!\p{L})(?:my (?:first |last |full )?name(?:'s|’s| is)|call me) (\p{Ll}[\p{L}'’-]{1,20}(?: \p{Ll}[\p{L}'’-]{1,20})?)/giu

/** Capitalised words that no name consists of. */
const NO_NAME = new Set(
  `a an and the i i'm i've i'd i'll i’m i’ve i’d i’ll it is my me you your yours we our us he she they there this that here what when where why how who which yes no not ok okay please thanks thank
hi hello hey dear sir madam team support customer agent bot user assistant everyone all guys folks service care help desk centre center sales order orders
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december today
tomorrow mr mrs ms mx dr prof herr frau mme english german french spanish italian british american canadian very just still also so but or if for from with in on at of to as good great sorry
account refund delivery parcel invoice payment not unknown none null n/a na new`.split(/\s+/),
)

/** Lower-case words that end a lower-case name. */
const SPEECH =
  /^(?:and|i|im|i'm|my|the|but|so|on|in|at|from|with|is|not|wrong|spelled|spelt|misspelled|still|please|because|it|also|for|of|or|to|as|was|been|written|incorrect|different|missing|changed|here|there|thanks|when|if|back|later|maybe|tomorrow|today|now|again|asap|a|an|about|after|before)$/i

/** Names in records and passages: only where a key or a title announces a person. */
export function detectRecordNames(text: string): PiiSpan[] {
  return cued(text, [RECORD, TITLED])
}

/** Person names that the words around them give away. */
export function detectCuedNames(text: string): PiiSpan[] {
  const found = cued(text, CUES)
  for (const match of text.matchAll(LOWER)) {
    const words = (match[1] ?? '').split(' ')
    const kept = words.slice(
      0,
      words.findIndex((word) => SPEECH.test(word)) === -1
        ? words.length
        : words.findIndex((word) => SPEECH.test(word)),
    )
    const start = match.index + match[0].length - (match[1]?.length ?? 0)
    const name = kept.join(' ')
    if (name.length >= 2 && !isNoName(name)) found.push({ kind: 'PERSON', start, end: start + name.length })
  }
  return found
}

const CUES = [...SURE, RECORD, ...WEAK]

function cued(text: string, patterns: readonly RegExp[]): PiiSpan[] {
  const found: PiiSpan[] = []
  if (!/\p{Lu}/u.test(text)) return found
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? ''
      push(found, text, match.index + match[0].length - name.length, name)
    }
  }
  return found
}

/** Adds the name without the words at its ends that are none. */
function push(found: PiiSpan[], text: string, start: number, name: string): void {
  let from = start
  const words = name.split(' ')
  while (words.length > 0 && isNoName(words[0] ?? '')) from += (words.shift()?.length ?? 0) + 1
  // What follows a common word is no longer the name: "Jane Fletcher. My order".
  const stop = words.findIndex(isNoName)
  const kept = (stop === -1 ? words : words.slice(0, stop)).join(' ').replace(/(?<=\p{L}{2})\.$|['’-]+$/u, '')
  const sentenceEnd = /\p{L}{3,}\. /u.exec(kept)
  const value = sentenceEnd ? kept.slice(0, sentenceEnd.index + sentenceEnd[0].length - 2) : kept
  if (from === start && value.length >= 2)
    found.push({
      kind: 'PERSON',
      start: text.indexOf(value, from),
      end: text.indexOf(value, from) + value.length,
    })
}

export function isNoName(word: string): boolean {
  return NO_NAME.has(word.toLowerCase().replace(/['’]s$|[.,!?]+$/g, ''))
}
