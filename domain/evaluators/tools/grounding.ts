import type { Json } from '../../json.ts'
import { type DateMention, dateMentions, sameDate } from '../text/dates.ts'
import { numberMentions } from '../text/numbers.ts'
import { stemOf, tokenise } from '../text/stems.ts'
import { isObject, standardText } from './ast.ts'

/** What was said: where the values of a call's arguments should come from. */
export interface Said {
  stems: ReadonlySet<string>
  numbers: ReadonlySet<number>
  dates: readonly DateMention[]
  /** The text by `standardText`: for ids, formulas and phrases as they stand. */
  squeezed: string
  /** Initials of neighbouring words: `New York` holds `ny`. */
  initials: string
}

export function saidOf(texts: readonly string[]): Said {
  const text = texts.join('\n')
  const tokens = tokenise(text)
  const stems = new Set(tokens.map(({ stem }) => stem))
  const numbers = new Set(numberMentions(text).map(({ value }) => value))
  for (const [digits] of text.matchAll(/\d{1,15}(?:\.\d{1,10})?/g)) numbers.add(Number(digits))
  for (const [digits] of text.matchAll(/\d{1,3}(?:,\d{3})+(?:\.\d{1,10})?/g))
    numbers.add(Number(digits.replaceAll(',', '')))
  return {
    stems,
    numbers,
    dates: dateMentions(text),
    squeezed: standardText(text),
    initials: tokens.map((token) => token.text[0]?.toLowerCase() ?? '').join(''),
  }
}

/** Values of an argument that are looked at. */
const MAX_LEAVES = 200
/** A value of the tool's own list that nobody mentioned may be a good choice still. */
const LISTED = 0.5

/**
 * How far a value comes from what was said, in [0, 1]; undefined where that can't be told (truth values, null, nothing).
 * Mean over the leaves of lists and objects. The tool's own default counts as said.
 */
export function groundedValue(value: Json, schema: Json | undefined, said: Said): number | undefined {
  const shares: number[] = []
  const stack: { value: Json; schema: Json | undefined }[] = [{ value, schema }]
  for (let top = stack.pop(); top && shares.length < MAX_LEAVES; top = stack.pop()) {
    const { value, schema } = top
    if (Array.isArray(value)) {
      const items = isObject(schema) ? schema.items : undefined
      for (const item of value.slice(0, MAX_LEAVES)) stack.push({ value: item, schema: items })
    } else if (isObject(value)) {
      const fields = isObject(schema) && isObject(schema.properties) ? schema.properties : {}
      for (const [key, item] of Object.entries(value).slice(0, MAX_LEAVES))
        stack.push({ value: item, schema: Object.hasOwn(fields, key) ? fields[key] : undefined })
    } else {
      const share = groundedLeaf(value, isObject(schema) ? schema : {}, said)
      if (share !== undefined) shares.push(share)
    }
  }
  return shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length
}

function groundedLeaf(
  value: string | number | boolean | null,
  schema: Record<string, Json>,
  said: Said,
): number | undefined {
  if (value === null || typeof value === 'boolean' || value === '') return undefined
  if (value === schema.default) return 1
  const share = typeof value === 'number' ? groundedNumber(value, said) : groundedText(value, said)
  const listed = Array.isArray(schema.enum) && schema.enum.includes(value)
  return listed ? Math.max(LISTED, share) : share
}

/** Also as the percentage of a share, and the share of a percentage. */
function groundedNumber(value: number, { numbers }: Said): number {
  const size = Math.abs(value)
  const near = (wanted: number) => numbers.has(Number(wanted.toPrecision(12)))
  return near(size) || near(size * 100) || near(size / 100) ? 1 : 0
}

/** Whole when it stands there or is a date that does; else the share of its words that were said. */
function groundedText(value: string, said: Said): number {
  const text = value.slice(0, 2000)
  const squeezed = standardText(text)
  if (squeezed.length >= 4 && said.squeezed.includes(squeezed)) return 1
  const dates = dateMentions(text)
  if (dates.length === 1 && said.dates.some((date) => sameDate(date, dates[0]!))) return 1
  const tokens = tokenise(text)
  const content = tokens.filter((token) => token.content)
  const words = content.length > 0 ? content : tokens
  if (words.length === 0) return squeezed !== '' && said.squeezed.includes(squeezed) ? 1 : 0
  return words.filter(({ text, stem }) => wordSaid(text, stem, said)).length / words.length
}

function wordSaid(text: string, stem: string, said: Said): boolean {
  if (said.stems.has(stem) || said.stems.has(stemOf(stem))) return true
  if (/^\d/.test(text) && said.numbers.has(Number(text.replaceAll(',', '')))) return true
  return /^\p{Lu}{2,5}$/u.test(text) && said.initials.includes(text.toLowerCase())
}
