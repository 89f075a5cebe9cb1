/** A number in a text, with the unit beside it. */
export interface Quantity {
  text: string
  value: number
  unit?: Unit
}

/** What is measured, and how many of the base unit one of these is. */
interface Unit {
  of: string
  factor: number
}

const SCALES: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  million: 1e6,
  mn: 1e6,
  billion: 1e9,
  bn: 1e9,
  trillion: 1e12,
}

/** Units by the word or sign that stands beside a number. Month and year have no fixed length: each measures itself. */
const UNITS = new Map(
  Object.entries({
    time: 'ms=0.001 millisecond=0.001 s=1 sec=1 second=1 min=60 minute=60 h=3600 hr=3600 hour=3600 day=86400 week=604800',
    length: 'mm=0.001 cm=0.01 m=1 metre=1 meter=1 km=1000 inch=0.0254 ft=0.3048 mile=1609.344',
    mass: 'mg=0.000001 g=0.001 gram=0.001 kg=1 lb=0.45359237 oz=0.028349523125',
    data: 'kb=1000 mb=1000000 gb=1000000000 tb=1000000000000',
    percent: '%=1 percent=1',
    month: 'month=1',
    year: 'year=1',
    USD: '$=1 usd=1 dollar=1',
    EUR: '€=1 eur=1 euro=1',
    GBP: '£=1 gbp=1 pound=1',
    JPY: '¥=1 jpy=1 yen=1',
  }).flatMap(([of, list]) =>
    list.split(' ').map((item): [string, Unit] => {
      const [name = '', factor = '1'] = item.split('=')
      return [name, { of, factor: Number(factor) }]
    }),
  ),
)

const PATTERNS = {
  '.': pattern(`[, \\u00a0\\u2009\\u202f'’]`, '\\.'),
  ',': pattern(`[. \\u00a0\\u2009\\u202f'’]`, ','),
}

/** Not inside a word or an id (`A-20318`, `v1.2.3`); the hyphen of a range (`10-20`) is no minus. */
function pattern(group: string, decimal: string): RegExp {
  return new RegExp(
    `(?<![\\p{L}\\p{N}_]|${decimal})(?<!\\p{L}[-−])(?<sign>[-−+])?(?<before>[$€£¥])?\\s?` +
      `(?<digits>\\d{1,3}(?:${group}\\d{3})+(?!\\d)|\\d{1,20})(?:${decimal}(?<fraction>\\d{1,20}))?` +
      `(?:[eE](?<exponent>[+-]?\\d{1,3}))?(?![\\p{N}_])\\s?(?<scale>thousand|million|billion|trillion|bn|mn|k)?(?!\\p{L}\\p{L}*-\\d)` +
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
    const scale = part.scale === undefined ? 1 : (SCALES[part.scale.toLowerCase()] ?? 1)
    const value = Number(digits) * scale * (part.sign && part.sign !== '+' ? -1 : 1)
    const unit = unitOf(part.before) ?? unitOf(part.after)
    const known =
      unit && part.before === undefined
        ? match[0]
        : match[0].slice(0, match[0].length - (part.after?.length ?? 0))
    if (Number.isFinite(value)) found.push({ text: known.trim(), value, ...(unit ? { unit } : {}) })
  }
  return found
}

function unitOf(word: string | undefined): Unit | undefined {
  if (word === undefined) return undefined
  const name = word.toLowerCase() === 'per cent' ? 'percent' : word.toLowerCase()
  return UNITS.get(name) ?? UNITS.get(name.replace(/e?s$/, '')) ?? UNITS.get(name.replace(/s$/, ''))
}

/** How far a number is from another, in the other's unit; infinitely far when they measure different things. */
export function difference(a: Quantity, b: Quantity): number {
  if (!a.unit || !b.unit) return Math.abs(a.value - b.value)
  if (a.unit.of !== b.unit.of) return Infinity
  return Math.abs((a.value * a.unit.factor) / b.unit.factor - b.value)
}
