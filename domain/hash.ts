import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'

/** SHA-256 of bytes or UTF-8 text, as 64 hex digits. */
export function sha256Hex(content: string | Uint8Array): string {
  return bytesToHex(sha256(typeof content === 'string' ? utf8ToBytes(content) : content))
}

/** RFC 8785 canonical JSON: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return canonicalize(value) ?? 'null'
}

/** SHA-256 of a value's canonical JSON: the identity of anything content-addressed. */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value))
}

/** First 52 bits of SHA-256 as a whole number that JavaScript and SQLite keep exactly: a stable pseudo-random order. */
export function hash52(text: string): number {
  return Number.parseInt(sha256Hex(text).slice(0, 13), 16)
}
