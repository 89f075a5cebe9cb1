/** What is measured, and how many of the base unit one of these is: `90 minutes` and `1.5 hours` are the same time. */
export interface Unit {
  of: string
  factor: number
}

/** Units by the word or sign that stands beside a number. A month has no fixed number of days: it and the year are apart. */
const UNITS = new Map(
  Object.entries({
    time: 'ms=0.001 millisecond=0.001 s=1 sec=1 second=1 min=60 minute=60 h=3600 hr=3600 hour=3600 day=86400 week=604800',
    month: 'month=1 year=12',
    length: 'mm=0.001 cm=0.01 m=1 metre=1 meter=1 km=1000 inch=0.0254 ft=0.3048 mile=1609.344',
    mass: 'mg=0.000001 g=0.001 gram=0.001 kg=1 lb=0.45359237 oz=0.028349523125',
    data: 'kb=1000 mb=1000000 gb=1000000000 tb=1000000000000',
    percent: '%=1 percent=1',
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

/** The unit that a word or sign names, in the singular or plural. */
export function unitOf(word: string | undefined): Unit | undefined {
  if (word === undefined || word === '') return undefined
  const name = word.toLowerCase() === 'per cent' ? 'percent' : word.toLowerCase()
  return UNITS.get(name) ?? UNITS.get(name.replace(/e?s$/, '')) ?? UNITS.get(name.replace(/s$/, ''))
}

/** Whether a unit is a currency, by its ISO 4217 code. */
export function isMoney({ of }: Unit): boolean {
  return /^[A-Z]{3}$/.test(of)
}

/** Whether a unit measures time, by the clock or by the calendar. */
export function isTime({ of }: Unit): boolean {
  return of === 'time' || of === 'month'
}

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
  trillion: 1e12,
}

/** What a word behind a number multiplies it by. "5m" may be five metres: `m` and `b` count beside a currency sign only. */
export function scaleOf(word: string | undefined, besideMoney: boolean): number {
  if (word === undefined || (/^[mb]$/i.test(word) && !besideMoney)) return 1
  return SCALES[word.toLowerCase()] ?? 1
}
