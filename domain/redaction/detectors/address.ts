import type { PiiSpan } from '../kinds.ts'
import { merged } from '../merged.ts'
import { addressBlocks } from './address-block.ts'

/** Words that end or begin a street's name, in the languages of most addresses seen in support. */
const STREET =
  '(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|way|court|ct|place|pl|square|sq|terrace|ter|highway|hwy|parkway|pkwy|crescent|cres|close|circle|cir|trail|row|walk|mews)'
const SUFFIXED =
  '\\p{L}{2,20}(?:stra(?:ß|ss)e|str\\.|weg|gasse|platz|allee|gatan|gata|vägen|vej|gade|straat|laan|katu|tie)'
const LEADING = '(?:rue|avenue|place|chemin|via|viale|piazza|corso|calle|avenida|av\\.|plaza|rua|ulica|ul\\.)'
const WORD = "(?:\\p{Lu}[\\p{L}'’.-]{0,20}|\\d{1,3}(?:st|nd|rd|th)|de|la|le|du|des|del|di|da|do|los|las)"

/** Flat, town, state and postal code behind the street. */
const UNIT = '(?:,? (?:apt|apartment|suite|ste|unit|flat|floor|room|#)\\.? ?#?\\w{1,6})?'
const POSTAL =
  '(?:\\d{4,6}(?:-\\d{3,4})?|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|\\d{3} \\d{2})'
const TOWN = "(?:,? ?\\p{Lu}[\\p{L}'’-]{1,20}(?: \\p{Lu}[\\p{L}'’-]{1,20}){0,2})?"
const TAIL = `${UNIT}(?:,?\\s{1,3}${POSTAL}${TOWN}|${TOWN}(?:,?\\s{1,3}[A-Z]{2})?(?:,?\\s{1,3}${POSTAL}))?`

const PATTERNS = [
  // 233 Erzsébet tér 19. Suite 282: a street of any language, known by the flat behind it
  new RegExp(
    `(?<![\\p{L}\\p{N}.,-])\\d{1,6}(?: [\\p{L}'’.-]{2,20}){1,4}(?: \\d{1,5}\\.?)?,?\\s{1,3}${caseless('(?:apt|apartment|suite|ste|flat)')}\\.? #?\\d{1,5}${TAIL}`,
    'gu',
  ),
  // 12 Main Street, Springfield, IL 62701; the type may be lower case, the name may not, so that "2 days on the way" stays
  new RegExp(
    `(?<![\\p{L}\\p{N}.,-])\\d{1,6}[A-Za-z]?(?:-\\d{1,4})? (?:${WORD} ){1,4}(?:${caseless(STREET)})(?![\\p{L}\\p{N}])\\.?${TAIL}`,
    'gu',
  ),
  // Lindenstraße 12, 10969 Berlin and 12 Præstevej
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${SUFFIXED}) \\d{1,4}[a-zA-Z]?(?![\\p{L}\\p{N}])${TAIL}`, 'gu'),
  new RegExp(`(?<![\\p{L}\\p{N}.,-])\\d{1,5}[a-zA-Z]? (?:${SUFFIXED})(?![\\p{L}\\p{N}])${TAIL}`, 'gu'),
  // 14 rue de la Paix, 75002 Paris; Via Roma 5
  new RegExp(`(?<![\\p{L}\\p{N}.,-])\\d{1,4}(?: bis)?,? ${caseless(LEADING)}(?: ${WORD}){1,4}${TAIL}`, 'gu'),
  new RegExp(
    `(?<![\\p{L}\\p{N}])${caseless(LEADING)}(?: ${WORD}){1,4},? \\d{1,4}(?![\\p{L}\\p{N}])${TAIL}`,
    'gu',
  ),
  // USNV Vincent, FPO AA 68422
  /(?<![\p{L}\p{N}])[A-Z]{3,5} [\p{L}\p{N}'’-]{2,20},?\s{1,3}[AFD]PO,? A[AEP] \d{5}(?!\d)/giu,
  // the corner of Dalbraut 99 and Oak Road
  new RegExp(
    `(?<![\\p{L}])corner of (?:\\p{Lu}[\\p{L}\\p{M}'’.-]{0,24} |\\d{1,4}(?:st|nd|rd|th)? ?){1,5}(?:and|&) (?:\\p{Lu}[\\p{L}\\p{M}'’-]{1,24}|\\d{1,4}(?:st|nd|rd|th)?)(?: \\p{Lu}[\\p{L}\\p{M}'’-]{1,24}){0,3}`,
    'gu',
  ),
  new RegExp(
    `(?<![\\p{L}])(?:P\\.? ?O\\.? ?Box|Postfach|PSC|Unit|CMR) \\d{2,6}(?:,? Box \\d{2,6})?(?:,?\\s{1,3}(?:APO|FPO|DPO) [A-Z]{2} \\d{5})?`,
    'gu',
  ),
]

/** What follows these words and starts with, or soon holds, a house number is an address, whatever its form. */
const NAMED = new RegExp(
  `\\b(?:(?:home|billing|shipping|delivery|postal|mailing|my|his|her|our|their|new|old|the) )?(?:address(?: of [^\\n.:]{1,40})?(?: is|:|=| to)+|live[sd]? (?:at|in|on)|resid(?:e[sd]?|ing) at|(?:sent|send it|ship it|shipped|deliver it|delivered|moved) to:?|located at|office is at|meet (?:me|us) at|return (?:it )?to|arrived at|send (?:a new one|it|them) to|pick (?:me|us) up at)\\s{1,3}((?=[^\\n]{0,40}\\d)(?:\\p{Lu}|\\d)[^\\n?!;]{3,80}?)(?=[.?!;]?(?:\\s+(?:and|but|after|before|by|on|in case|instead|please|thanks|since|because)(?![\\p{L}])|[.?!;]\\s|[.?!;]?$|\\n))`,
  'giu',
)

/** A word without which none of the patterns can match: looked for first, since most texts have none. */
const HINT =
  /(?<!\p{L})(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|way|court|ct|place|pl|square|sq|terrace|ter|highway|hwy|parkway|pkwy|crescent|cres|close|circle|cir|trail|row|walk|mews|rue|chemin|via|viale|piazza|corso|calle|avenida|av|plaza|rua|ulica|ul|apt|apartment|suite|ste|flat|box|postfach|psc|unit|cmr|address|lived?|lives|resid\p{L}+|sent|send|ship|shipped|deliver\p{L}*|moved|located|office|pick|meet|return|arrived)(?!\p{L})|\p{L}(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|gatan|gata|vägen|vej|gade|straat|laan|katu|tie)(?!\p{L})/iu

/** Postal addresses: by the form of the street, or by the words before them. */
export function detectAddresses(text: string): PiiSpan[] {
  if (!/\d/.test(text)) return []
  const found: PiiSpan[] = addressBlocks(text)
  if (!HINT.test(text)) return found
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const start =
        match.index -
        (CODE_BEFORE.exec(text.slice(Math.max(0, match.index - 8), match.index))?.[1]?.length ?? 0)
      found.push({ kind: 'ADDRESS', start, end: match.index + match[0].trimEnd().length })
    }
  }
  if (!/\p{Lu}/u.test(text)) {
    for (const match of text.matchAll(LOWER))
      found.push({ kind: 'ADDRESS', start: match.index, end: match.index + match[0].length })
    return merged(found)
  }
  const named: PiiSpan[] = []
  for (const match of text.matchAll(NAMED)) {
    const value = match[1] ?? ''
    if (!holdsHouseNumber(value)) continue
    const start = match.index + match[0].length - value.length
    named.push({ kind: 'ADDRESS', start, end: start + value.length })
  }
  // What stands behind "address:" ends where the pattern can but guess: the form of a street is the better end.
  return [...merged(found), ...named]
}

/** `77 king street` in a text without any capital letter, but not `2 minutes down the road`. */
const LOWER = new RegExp(
  `(?<![\\p{L}\\p{N}.,:#€$£-])\\d{1,5}[a-z]? (?:(?!(?:the|of|a|an|at|by|in|on|my|your|this|that|from|to|for|and|or|per|is|was|down|off|minutes?|miles?|km|hours?|days?|dollars?|way|lanes?)(?!\\p{L}))\\p{Ll}{2,20} ){1,2}(?:street|avenue|ave|boulevard|blvd|road|lane)(?![\\p{L}\\p{N}])${UNIT}`,
  'gu',
)

/** A postal code before the house number: "17151 2450 Crown St". */
const CODE_BEFORE = /(?:^|[^\p{L}\p{N}.,:#€$£-])(\d{4,6} )$/u

/** A number and a capitalised word, and not merely a date, an amount or an order. */
function holdsHouseNumber(value: string): boolean {
  return (
    /\p{Lu}\p{L}/u.test(value) &&
    /(?<![\p{L}\p{N}.,:-])\d{1,5}[a-zA-Z]?(?![\p{L}\p{N}:%]|[.,]\d|-\d{2}-)/u.test(value) &&
    !/\b(?:EUR|USD|GBP|Terminal|Gate|Platform|Seat|Row|Table|Slot|Plan|Version|\d{4}-\d{2}|order|January|February|March|April|June|July|August|September|October|November|December)\b|[€$£]/.test(
      value,
    )
  )
}

/** The alternatives in lower case, capitalised and in capitals, for use beside case-sensitive parts. */
function caseless(source: string): string {
  return source.replace(
    /(?<!\\)\p{L}+/gu,
    (word) => `(?:${word}|${word[0]?.toUpperCase()}${word.slice(1)}|${word.toUpperCase()})`,
  )
}
