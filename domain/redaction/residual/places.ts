import type { PiiSpan } from '../kinds.ts'

/** A postal code that its neighbours prove: US state and ZIP, UK and Canadian forms, five digits before a town. */
const CODES = [
  /(?<!\p{L})(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) \d{5}(?:-\d{4})?(?!\d)/gu,
  /(?<![\p{L}\p{N}])[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]\d[A-Z] \d[A-Z]\d(?![\p{L}\p{N}])/gu,
  /(?<=, )\d{4,5} \p{Lu}\p{Ll}{2,}/gu,
]
const HOUSE = /(?<![\p{L}\p{N}.,:#-])(?:\d{1,5}[a-zA-Z]? \p{Lu}\p{Ll}+|\p{Lu}\p{Ll}+ \d{1,4}[a-zA-Z]?,)/gu
/** A house number and the postal code stand this close. */
const REACH = 60

/** Postal addresses: a postal code with a house number shortly before it. No street words are asked. */
export function residualAddresses(text: string): PiiSpan[] {
  if (!/\d/.test(text)) return []
  const found: PiiSpan[] = []
  for (const code of CODES) {
    for (const match of text.matchAll(code)) {
      const from = Math.max(0, match.index - REACH)
      const house = [...text.slice(from, match.index).matchAll(HOUSE)].at(-1)
      if (house)
        found.push({ kind: 'ADDRESS', start: from + house.index, end: match.index + match[0].length })
    }
  }
  return found
}
