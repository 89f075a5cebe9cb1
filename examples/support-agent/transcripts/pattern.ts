import type { Random } from './random.ts'

/**
 * Expands a pattern: `(a|b|c)` is one of its alternatives, nested at will, earlier ones more often; `{key}` is a value.
 * @throws RangeError for a key without a value or an open bracket: a typo in a cohort's file.
 */
export function expand(
  pattern: string,
  random: Random,
  values: Readonly<Record<string, string>> = {},
): string {
  let text = pattern
  for (let inner = true; inner;) {
    const before = text
    text = text.replace(/\(([^()]*)\)/g, (_, alternatives: string) => random.skewed(alternatives.split('|')))
    inner = text !== before
  }
  if (/[()|]/.test(text)) throw new RangeError(`pattern "${pattern}" has a bracket without its other half`)
  return text
    .replace(/\{(\w+)\}/g, (_, key: string) => {
      const value = values[key]
      if (value === undefined) throw new RangeError(`pattern "${pattern}" needs a value for ${key}`)
      return value
    })
    .replace(/ +/g, ' ')
    .replace(/ ([,.?!])/g, '$1')
    .trim()
}
