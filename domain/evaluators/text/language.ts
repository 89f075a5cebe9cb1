import { detectAll, langName, supportedLanguages, toISO2, toISO3 } from 'tinyld/light'

/** ISO 639-1 codes of the languages that are told apart. */
export const LANGUAGES: readonly string[] = supportedLanguages.map((code) => toISO2(code)).toSorted()

/** Fewer letters say too little: half of such texts are taken for another language. Ideographs say more each. */
const MIN_LETTERS = 20
const MIN_IDEOGRAPHS = 6
/** More text than this says nothing new. */
const MAX_READ_CHARS = 2000

/** A language that a text may be in. */
export interface Candidate {
  /** ISO 639-1. */
  lang: string
  accuracy: number
}

/** Languages by likelihood (`tinyld/light`, character n-grams); undefined for texts that are too short, or in none. */
export function languagesOf(text: string): [Candidate, ...Candidate[]] | undefined {
  // Addresses, links and ids are of no language.
  const prose = text
    .slice(0, MAX_READ_CHARS)
    .replace(/[^\s\p{Lo}]*(?:[@_/\\]|\d)[^\s\p{Lo}]*/gu, ' ')
    .replace(/\s+/g, ' ')
  const ideographs = prose.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu)?.length ?? 0
  const letters = prose.match(/\p{L}/gu)?.length ?? 0
  if (letters < MIN_LETTERS && ideographs < MIN_IDEOGRAPHS) return undefined
  const [first, ...others] = detectAll(prose)
  return first && [first, ...others]
}

/** From here on a language is as good as certain; others then have hundredths. */
const CERTAIN = 0.5

/** The languages of two texts where they are certain and not the same, else undefined. Takes milliseconds. */
export function differentLanguages(a: string, b: string): [string, string] | undefined {
  const [first] = languagesOf(a) ?? []
  if (!first || first.accuracy < CERTAIN) return undefined
  const [second] = languagesOf(b) ?? []
  if (!second || second.accuracy < CERTAIN || first.lang === second.lang) return undefined
  return [first.lang, second.lang]
}

/** The English name of a language: `German`. */
export function languageName(code: string): string {
  const name = langName(toISO3(code))
  return name.charAt(0).toUpperCase() + name.slice(1)
}
