const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const PRECISE = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })
const MINUS = '−'

export function count(value: number): string {
  return COUNT.format(value)
}

export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

/** A share that somebody has set, with the digits that they gave it. */
export function share(of: number): string {
  return `${Number((of * 100).toPrecision(4))}%`
}

/** A score in [0, 1]. */
export function score(value: number): string {
  return value.toFixed(3)
}

/** US dollars: two digits of what is less than a cent. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0'
  return usd < 0.01 ? `$${Number(usd.toPrecision(2))}` : `$${usd.toFixed(2)}`
}

/** A difference of scores, in points of a hundred, with its sign. */
export function points(difference: number): string {
  const text = Math.abs(difference * 100).toFixed(1)
  if (text === '0.0') return text
  return `${difference > 0 ? '+' : MINUS}${text}`
}

/** Any number of a piece of evidence. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return COUNT.format(value).replace('-', MINUS)
  return PRECISE.format(value).replace('-', MINUS)
}
