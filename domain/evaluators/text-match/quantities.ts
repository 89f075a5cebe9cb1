import { type Unit, scaleOf, unitOf } from '../text/units.ts'

/** A number in a text, with the unit beside it. */
export interface Quantity {
  text: string
  value: number
  unit?: Unit
}

const PATTERNS = {
  '.': pattern(`[, \\u00a0\\u2009\\u202f'’]`, '\\.'),
  ',': pattern(`[. \\u00a0\\u2009\\u202f'’]`, ','),
}

/** Not inside a word or an id (`A-20318`, `v1.2.3`); the hyphen of a range (`10-20`) is no minus. */
function pattern(group: string, decimal: string): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}_]|${decimal})(?<!\\p{L}[-−])(?<sign>[-−+])?(?<before>[$€£¥])?\\s?` +
      `(?<digits>\\d{1,3}(?:${group}\\d{3})+(?!\\d)|\\d{1,20})(?:${decimal}(?<fraction>\\d{1,20}))?` +
      `(?:[eE](?<exponent>[+-]?\\d{1,3}))?(?![\\p{N}_])\\s?(?<scale>(?:thousand|million|billion|trillion|bn|mn|k|m|b)(?!\\p{L}))?(?!\\p{L}\\p{L}*-\\d)` +
      `[\\s-]?(?<after>[$€£¥%]|per cent|\\p{L}{1,11})?`,
    'giu',
  )
}

/** Most numbers of one text that are read. */
const MAX_QUANTITIES = 1000

/**
 * Numbers in digits: `1,249.00`, `-5`, `€ 3.5 million`, `1.2e-3`, `90 minutes`. Groups of three digits may be parted by a
 * comma, a space or an apostrophe; with `decimal: ','` by a full stop in place of the comma.
 */
export function quantities(text: string, decimal: '.' | ',' = '.'): Quantity[] {
  const found: Quantity[] = []
  for (const match of text.matchAll(PATTERNS[decimal])) {
    if (found.length >= MAX_QUANTITIES) break
    const part = match.groups ?? {}
    const digits = `${part.digits?.replace(/\D/g, '')}.${part.fraction ?? '0'}e${part.exponent ?? '0'}`
    const scale = scaleOf(part.scale, part.before !== undefined)
    const value = Number(digits) * scale * (part.sign && part.sign !== '+' ? -1 : 1)
    const unit = unitOf(part.before) ?? unitOf(scale === 1 ? (part.scale ?? part.after) : part.after)
    const known =
      unit && part.before === undefined
        ? match[0]
        : match[0].slice(0, match[0].length - (part.after?.length ?? 0))
    if (Number.isFinite(value))
      found.push({ text: known.replace(/[\s-]+$/, '').trim(), value, ...(unit ? { unit } : {}) })
  }
  return found
}

/** How far a number is from another, in the other's unit; infinitely far when they measure different things. */
export function difference(a: Quantity, b: Quantity): number {
  if (!a.unit || !b.unit) return Math.abs(a.value - b.value)
  if (a.unit.of !== b.unit.of) return Infinity
  return Math.abs((a.value * a.unit.factor) / b.unit.factor - b.value)
}
