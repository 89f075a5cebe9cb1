/** Characters of hex: 16 bytes, 8 bytes. */
export const TRACE_ID_DIGITS = 32
export const SPAN_ID_DIGITS = 16

/** An id in lower-case hex; `zero` and `invalid` are no ids, and so is an absent one (the empty text). */
export type IdRead = { id: string } | { problem: 'absent' | 'invalid' | 'zero' }

export function readId(value: unknown, digits: number): IdRead {
  if (value === undefined || value === null || value === '') return { problem: 'absent' }
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]+$/i.test(value))
    return { problem: 'invalid' }
  return /[^0]/.test(value) ? { id: value.toLowerCase() } : { problem: 'zero' }
}
