import { isGiven, mark, type Reading } from './reading.ts'

/** Longer texts are measured by the encoder: its call costs more than to look at this many characters. */
const COUNTED_CHARS = 48

const encoder = new TextEncoder()

/** What the encoder writes, and nobody reads: only its lengths are of use. */
const scratch = new Uint8Array(16 * 1024)

/** A string field: well-formed, and no longer than `maxBytes` and what the record may still take. */
export function text(reading: Reading, value: unknown, maxBytes = reading.limits.nameBytes): string {
  if (value === '' || !isGiven(value)) return ''
  if (typeof value !== 'string') {
    mark(reading, 'field.invalid')
    return ''
  }
  let read = value
  // JSON can escape half a surrogate pair, which UTF-8 cannot say.
  if (!read.isWellFormed()) {
    mark(reading, 'text.not_utf8')
    read = read.toWellFormed()
  } else if (reading.lossy && read.includes('\uFFFD')) mark(reading, 'text.not_utf8')
  const room = Math.max(0, Math.min(maxBytes, reading.left))
  const fitting = fit(read, room)
  reading.left -= fitting.bytes
  if (fitting.chars === read.length) return read
  mark(reading, 'text.truncated')
  return read.slice(0, fitting.chars)
}

/** How much of a text goes into `room` bytes of UTF-8, whole characters only. */
function fit(read: string, room: number): { chars: number; bytes: number } {
  if (read.length <= COUNTED_CHARS && read.length <= room && isAscii(read))
    return { chars: read.length, bytes: read.length }
  let chars = 0
  let bytes = 0
  while (chars < read.length) {
    const target = room - bytes < scratch.length ? scratch.subarray(0, room - bytes) : scratch
    const step = encoder.encodeInto(chars === 0 ? read : read.slice(chars), target)
    if (step.read === 0) break
    chars += step.read
    bytes += step.written
  }
  return { chars, bytes }
}

function isAscii(read: string): boolean {
  for (let at = 0; at < read.length; at++) if (read.charCodeAt(at) >= 0x80) return false
  return true
}
