/** The text in at most `max` UTF-16 units, with an ellipsis in the place of what was cut; no pair is cut in half. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const kept = text.slice(0, max - 1)
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

/** One line without control characters or broken pairs: what users wrote goes to strangers' parsers. */
export function plain(text: string, max: number): string {
  return cut(
    text
      .toWellFormed()
      .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .trim(),
    max,
  )
}
