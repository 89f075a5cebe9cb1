/** A new id with a prefix that says what it names; sorts by time. */
export function newId(
  prefix: 'run' | 'eval' | 'swp' | 'inc' | 'key' | 'att' | 'dl' | 'wvr',
  now = Date.now(),
): string {
  const random = crypto.getRandomValues(new Uint8Array(8))
  return `${prefix}_${now.toString(36).padStart(9, '0')}${[...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
