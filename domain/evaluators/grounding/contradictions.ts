import { OPPOSITE_QUALIFIERS, OPPOSITE_TERMS } from './opposites.ts'
import type { Term } from './terms.ts'

/** Terms to either side of an occurrence in which a negator may stand and still be about it. */
const NEGATION_NEAR = 5
/** How close two terms stand in the evidence to be said of each other. */
const NEIGHBOUR = 2

/**
 * What a claim says against its evidence, in words: a negation on one side only, a term's opposite, or an opposite
 * qualifier. Each needs a neighbour of the term beside its counterpart in the evidence, so that both speak of the same.
 */
export function contradictionsOf(claim: readonly Term[], evidence: readonly Term[]): string[] {
  const at = new Map<string, number[]>()
  evidence.forEach(({ stem }, place) => {
    const places = at.get(stem)
    if (places) places.push(place)
    else at.set(stem, [place])
  })
  const stems = new Set(claim.map((term) => term.stem))
  const negates = claim.some((term) => term.negated || term.negatorBefore)
  const beside = (place: number, places: readonly number[]) =>
    [claim[place - 1], claim[place + 1]].some(
      (other) =>
        other &&
        other.stem !== claim[place]?.stem &&
        at.get(other.stem)?.some((p) => places.some((q) => p !== q && Math.abs(p - q) <= NEIGHBOUR)),
    )
  const found = new Set<string>()
  claim.forEach((term, place) => {
    const places = at.get(term.stem)
    if (places) {
      if (oppositeNegation(term, places, evidence, negates) && beside(place, places))
        found.add(term.negated ? `not ${term.text}` : `${term.text}, which the context negates`)
      for (const word of term.qualifiers) {
        const other = oppositeQualifier(word, places, evidence)
        if (other) found.add(`${word} ${term.text} against ${other} ${term.text}`)
      }
      return
    }
    if ([...(OPPOSITE_TERMS.beside.get(term.stem) ?? [])].some((stem) => at.has(stem))) return
    for (const stem of oppositesOf(term)) {
      if (stems.has(stem)) continue
      const others = at.get(stem)?.filter((other) => evidence[other]?.negated === term.negated)
      if (others && beside(place, others))
        found.add(`${term.text} against ${evidence[others[0] ?? 0]?.text ?? stem}`)
    }
  })
  return [...found]
}

/** Opposites by the list, and by `un-`: "used" and "unused". */
function oppositesOf({ stem, text }: Term): string[] {
  const prefixed = /^un\p{L}{3}/iu.test(text) ? stem.slice(2) : `un${stem}`
  return [...(OPPOSITE_TERMS.against.get(stem) ?? []), prefixed]
}

/** A claim's negation where the evidence has none around, or none in the claim where all the evidence negates. */
function oppositeNegation(
  term: Term,
  places: readonly number[],
  evidence: readonly Term[],
  claimNegates: boolean,
): boolean {
  if (!term.negated) return !claimNegates && places.every((place) => evidence[place]?.negated)
  return !places.some((place) =>
    evidence
      .slice(Math.max(0, place - NEGATION_NEAR), place + NEGATION_NEAR + 1)
      .some((other) => other.negated || other.negatorBefore),
  )
}

function oppositeQualifier(
  word: string,
  places: readonly number[],
  evidence: readonly Term[],
): string | undefined {
  const against = OPPOSITE_QUALIFIERS.against.get(word)
  const stated = places.flatMap((place) => evidence[place]?.qualifiers ?? [])
  return stated.includes(word) ? undefined : stated.find((other) => against?.has(other))
}
