const SHOWN_DIGITS = 10

/** A content hash or commit, shortened for people; other words stay as they are. */
export function shortVersion(version: string): string {
  return /^[0-9a-f]{40,64}$/.test(version) ? version.slice(0, SHOWN_DIGITS) : version
}

/** `kind:name@version` with a shortened version. */
export function shortRef(ref: string): string {
  const at = ref.lastIndexOf('@')
  return at < 0 ? shortVersion(ref) : `${ref.slice(0, at + 1)}${shortVersion(ref.slice(at + 1))}`
}

export function isRef(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]+:[a-z0-9][^\s@]*@[A-Za-z0-9._-]+$/.test(value)
}
