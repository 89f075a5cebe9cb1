import { bytesToHex } from '@noble/hashes/utils.js'

/** A new id with a prefix that says what it names; sorts by time. */
export function newId(
  prefix: 'run' | 'eval' | 'swp' | 'inc' | 'key' | 'att' | 'dl' | 'wvr' | 'scr' | 'cal',
  now = Date.now(),
): string {
  return `${prefix}_${now.toString(36).padStart(9, '0')}${randomHex(8)}`
}

/** Hex digits of so many random bytes. */
export function randomHex(bytes: number): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(bytes)))
}
