import { isGiven, mark, type Reading } from './reading.ts'

const MAX_UINT32 = 0xff_ff_ff_ff
const MAX_UINT64 = 2n ** 64n - 1n
const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/** A uint32, as a number or as digits; 0 where it is absent or none. */
export function uint32(reading: Reading, value: unknown): number {
  if (value === 0 || !isGiven(value)) return 0
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= MAX_UINT32)
    return number
  mark(reading, 'field.invalid')
  return 0
}

/** An enum: OTLP/JSON takes integers only. A value we do not know is kept: the enum may grow. */
export function enumeration(reading: Reading, value: unknown): number {
  if (!isGiven(value)) return 0
  if (Number.isInteger(value) && Math.abs(value as number) <= MAX_UINT32) return value as number
  mark(reading, 'enum.invalid')
  return 0
}

/** A time in nanoseconds, 0 where it is absent, null where it is no fixed64. A number is exact to 256 ns. */
export function unixNano(value: unknown): bigint | null {
  if (!isGiven(value)) return 0n
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value < 2 ** 64 ? BigInt(value) : null
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return null
  const nano = BigInt(value)
  return nano <= MAX_UINT64 ? nano : null
}

/** An int64: a number where that is exact, decimal text beyond; undefined where it is none. */
export function int64(value: unknown): number | string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  const whole =
    (typeof value === 'number' && Number.isInteger(value)) ||
    (typeof value === 'string' && /^-?\d{1,19}$/.test(value))
  if (!whole) return undefined
  const integer = BigInt(value as number | string)
  if (integer < MIN_INT64 || integer > MAX_INT64) return undefined
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : integer.toString()
}

/** A double: a number, or the text for one that JSON lacks; undefined where it is none. */
export function double(value: unknown): number | string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value
  if (typeof value !== 'string' || !/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
