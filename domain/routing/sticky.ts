import { utf8ToBytes } from '@noble/hashes/utils.js'
import { own } from '../own.ts'
import type { RouteVersion, StickyBy } from './route.ts'

/** 32-bit FNV-1a of UTF-8 text (draft-eastlake-fnv): no state, not asynchronous, a few nanoseconds a byte. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of utf8ToBytes(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** Where a key stands in [0, 1) for a route, always: uniform over keys, unrelated between routes. */
export function shareOf(route: string, key: string): number {
  return mixed(fnv1a32(`${route}\0${key}`)) / 2 ** 32
}

/** MurmurHash3's finaliser: FNV alone leaves the high bits of keys that differ at their end alike. */
function mixed(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** What of a request may tell users apart. */
export interface StickySource {
  /** OpenAI's `user`, or `safety_identifier`. */
  user: string | undefined
  metadata: Readonly<Record<string, string>>
  header(name: string): string | null | undefined
}

/** The key of the request's user; undefined where nothing tells users apart. */
export function stickyKeyOf(by: StickyBy, source: StickySource): string | undefined {
  if (by === 'none') return undefined
  if (by === 'user') return source.user || undefined
  const name = by.slice(by.indexOf(':') + 1)
  const value = by.startsWith('header:') ? source.header(name) : own(source.metadata, name)
  return value || undefined
}

/** The keys by which a request is put on a side of the canary, and drawn for a target. */
export function stickyKeys(
  { stickyBy, canary }: Pick<RouteVersion, 'stickyBy' | 'canary'>,
  source: StickySource,
): { stickyKey: string | undefined; canaryKey: string | undefined } {
  const stickyKey = stickyKeyOf(stickyBy ?? 'user', source)
  return { stickyKey, canaryKey: canary ? stickyKeyOf(canary.stickyBy, source) : stickyKey }
}
