import { type DateMention, type KnownDates, dateMentions, knownDates } from './dates.ts'
import { type EntityMention, entityMentions, entitySupported } from './entities.ts'
import {
  type KnownNumbers,
  type NumberMention,
  knownNumbers,
  numberMentions,
  numbersInSource,
} from './numbers.ts'
import { type Token, tokenise } from './stems.ts'

/** What a text says that can be right or wrong at a glance: numbers, dates, names and ids. */
export interface Facts {
  numbers: NumberMention[]
  dates: DateMention[]
  entities: EntityMention[]
}

export function factsOf(text: string, tokens: readonly Token[] = tokenise(text)): Facts {
  const dates = dateMentions(text)
  return {
    dates,
    numbers: numberMentions(text, dates).filter((mention) => !mention.loose),
    entities: entityMentions(text, tokens),
  }
}

/** Texts that facts are looked up in. */
export interface FactBase {
  numbers: KnownNumbers
  dates: KnownDates
  stems: ReadonlySet<string>
}

export function factBase(texts: readonly { text: string; tokens: readonly Token[] }[]): FactBase {
  return {
    numbers: knownNumbers(texts.flatMap(({ text }) => numbersInSource(text))),
    dates: knownDates(texts.flatMap(({ text }) => dateMentions(text))),
    stems: new Set(texts.flatMap(({ tokens }) => tokens.map((token) => token.stem))),
  }
}

/** The facts that the base does not hold, as written. */
export function missingFacts(facts: Facts, base: FactBase): { numbers: string[]; entities: string[] } {
  const numbers = [
    ...facts.numbers.filter((mention) => !base.numbers.has(mention)),
    ...facts.dates.filter((mention) => !base.dates.has(mention)),
  ].map((mention) => mention.text)
  const entities = facts.entities
    .filter((entity) => !entitySupported(entity, base.stems))
    .map((entity) => entity.text)
  return { numbers, entities }
}

/** How many facts there are: numbers and dates, and entities. */
export function factCount(facts: Facts): { numbers: number; entities: number } {
  return { numbers: facts.numbers.length + facts.dates.length, entities: facts.entities.length }
}

/**
 * Tokens with numbers and dates as values, so that `3 November 2026` meets `2026-11-03` and `$1,249.00` meets `1249`:
 * a date becomes one token (and its year another), a number the token of its value.
 */
export function valueTokens(text: string, tokens: readonly Token[] = tokenise(text)): Token[] {
  if (!/\d/.test(text)) return [...tokens]
  const dates = dateMentions(text).toSorted((a, b) => a.start - b.start)
  const numbers = new Map(numberMentions(text, dates).map((mention) => [mention.start, mention]))
  const found: Token[] = []
  let next = 0
  for (const token of tokens) {
    while ((dates[next]?.end ?? Infinity) <= token.start) next++
    const date = dates[next]
    const number = numbers.get(token.start)
    if (date && token.start + token.text.length > date.start) {
      if (found.at(-1)?.start === date.start) continue
      if (date.year) found.push({ text: date.year, stem: date.year, start: date.start, content: true })
      found.push({ text: date.text, stem: date.keys[0] ?? date.text, start: date.start, content: true })
    } else if (number && /^[\d.,]+$/.test(token.text))
      found.push({ ...token, stem: String(number.value), content: true })
    else found.push(token)
  }
  return found
}
