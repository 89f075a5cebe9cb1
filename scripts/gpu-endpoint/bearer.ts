import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether an `Authorization` header carries the key. Compared in constant time. */
export function hasKey(authorization: string | undefined, key: string): boolean {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(key))
}
