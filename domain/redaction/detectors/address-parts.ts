import { fold, isEnglish, wordLists } from './word-lists.ts'

const UNIT =
  /^(?:apartment|apt|suite|ste|unit|flat|floor|room|rm|bldg|building)\b\.? ?(?:no\.? ?|#)?(?:\d{1,5}(?:-?[a-z\d]{1,3})?|[a-z]-?\d{0,4})(?![\p{L}\p{N}])|^#\d{1,5}/iu
const NUMBER = /^\d{1,6}(?:-\d{3,4})?[a-z]?(?![\p{L}\p{N}%]|[.,:/-]\d)/iu
const CODE = /^(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\p{L}\p{N}])/u
const STATE = /^(?:[A-Z]{2,3}(?![\p{L}\p{M}.'’]))/u
const WORD =
  /^(?:(?:de|la|le|du|des|del|di|da|do|los|las|van|von|der|den|zur|auf|sur|of|e|y|rue|via|calle|rua|avenida|trg|d[’'](?=\p{L}))(?= |\p{Lu})|(?:ul|al|os|av|str|nám)\.(?= )|\p{Lu}[\p{L}\p{M}'’-]*\.?)/u
const LOWER_WORD = /^\p{Ll}[\p{Ll}\p{M}'’-]*\.?/u
/** A new line may begin with a quote mark or a bullet. */
const GAP = /^(?:[ \t]*,?[ \t]*(?:\n[ \t>|*•-]{0,6}){0,2}[ \t]*,?[ \t]*)/u

/** Kinds of streets, of many languages; a few are endings. */
export const STREET =
  /^(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|square|sq|terrace|highway|hwy|parkway|crescent|close|circle|trail|rue|via|viale|piazza|corso|calle|avenida|avda|plaza|rua|ulica|ul|strasse|straße|platz|allee|weg|gasse|tér|utca|út|útja|körút|box|postbus|postfach|apartado|caddesi|cad|sokak|jalan|jl|[\p{L}\p{M}]{3,}(?:stra(?:ß|ss)e|str|weg|gasse|platz|gatan|gata|vägen|vägen|vej|vegur|gade|straat|laan|katu|tie|kuja|stræti))\.?$/iu
/** What is counted or dated is no house. */
const NOT_STREET =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?|AM|PM|USD|EUR|GBP|CHF|Mr|Mrs|Ms|Dr|Phone|Tel|Fax|Mobile|Order|Invoice|Version|Table|Figure|Page|Chapter|Section|Windows|Android|Item|Total|Price|Qty|VAT|ETA)\.?$/u

/** A number that is more often a year, though a house or a code may have it. */
const YEAR = /^(?:18|19|20)\d\d$/

/** More is no address but a table. */
const MAX_PARTS = 24
const MAX_CHARS = 220
const MAX_WORDS = 6
/** Numbers before the first word. */
const MAX_NUMBERS = 3

/**
 * What a part may be, by its letter: `N` a number of up to three digits, `Z` of four to six, `Y` a year, `P` a British or
 * Canadian postal code, `U` a flat with its number, `C` a country, `S` a state's letters, `T` a kind of street, `W` a word.
 */
export type Kind = 'N' | 'Z' | 'Y' | 'P' | 'U' | 'C' | 'S' | 'T' | 'W'

export interface Part {
  kind: Kind
  end: number
  text: string
  /** Behind a comma or on a new line. */
  parted: boolean
}

/** The parts of what may be an address, from `from` on to the first thing that can't belong to one. */
export function addressParts(text: string, from: number, lower: boolean): Part[] {
  const parts: Part[] = []
  let words = 0
  for (let at = from; parts.length < MAX_PARTS && at - from < MAX_CHARS; at = parts.at(-1)?.end ?? at) {
    const part = partAt(text, at, parts.length === 0, lower)
    if (!part) break
    parts.push(part)
    words = part.kind === 'W' || part.kind === 'T' ? words + 1 : 0
    if (words > MAX_WORDS || (parts.length === MAX_NUMBERS && parts.every(({ kind }) => /[NZY]/.test(kind))))
      break
  }
  return parts
}

function partAt(text: string, at: number, first: boolean, lower: boolean): Part | undefined {
  // "tér 19.\n Suite 282": a full stop is passed over before a flat only.
  const near = text.slice(at, at + 100)
  const gap = first ? '' : (GAP.exec(near)?.[0] ?? '')
  if (!first && gap === '') {
    const stop = /^\.\s{1,6}/.exec(near)?.[0]
    const unit = stop && UNIT.exec(near.slice(stop.length))?.[0]
    return unit ? { kind: 'U', text: unit, end: at + stop.length + unit.length, parted: true } : undefined
  }
  const rest = near.slice(gap.length)
  const parted = /[,\n]/.test(gap)
  const found = read(rest, first, parted, lower)
  return found && { ...found, parted, end: at + gap.length + found.text.length }
}

function read(
  rest: string,
  first: boolean,
  parted: boolean,
  lower: boolean,
): Pick<Part, 'kind' | 'text'> | undefined {
  const unit = first ? undefined : UNIT.exec(rest)?.[0]
  if (unit) return { kind: 'U', text: unit }
  const code = CODE.exec(rest)?.[0]
  if (code) return { kind: 'P', text: code }
  const number = NUMBER.exec(rest)?.[0]
  if (number) return { kind: YEAR.test(number) ? 'Y' : /^\d{4}/.test(number) ? 'Z' : 'N', text: number }
  const country = first ? undefined : countryAt(rest)
  if (country) return { kind: 'C', text: country }
  const state = first ? undefined : STATE.exec(rest)?.[0]
  if (state && (parted || /^\s{1,3}(?:\d{4,6}|[,\n])/.test(rest.slice(state.length))))
    return { kind: 'S', text: state }
  const word = wordAt(rest, lower)
  return word === undefined ? undefined : { kind: STREET.test(word) ? 'T' : 'W', text: word }
}

function wordAt(rest: string, lower: boolean): string | undefined {
  const word = (lower ? LOWER_WORD : WORD).exec(rest)?.[0]
  if (!word || rest[word.length] === ':' || NOT_STREET.test(word)) return undefined
  return lower && isEnglish(word) && !STREET.test(word) ? undefined : word
}

/** The longest country's name of up to three words. */
function countryAt(rest: string): string | undefined {
  const phrase = /^(?:The )?\p{L}[\p{L}'’-]+(?: \p{L}[\p{L}'’-]+){0,2}/u.exec(rest)?.[0]
  for (let name = phrase; name; name = name.includes(' ') ? name.slice(0, name.lastIndexOf(' ')) : undefined)
    if (wordLists().countries.has(fold(name))) return name
  return undefined
}
