import { RE2JS } from '@bufbuild/re2'

/** Longest pattern. */
export const MAX_PATTERN = 1000
/** Compiled instructions of the largest pattern: counted repeats such as `{500}` write their part out that often. */
const MAX_INSTRUCTIONS = 2000
/** What a pattern's counted repeats may write out before it is compiled, which takes microseconds a character. */
const MAX_WRITTEN_OUT = 40_000
/** Instructions times characters that one test may take: some three seconds at the very worst, mostly milliseconds. */
const MAX_WORK = 30_000_000

/** A pattern that was compiled, or why it can't be used. */
export type LinearRegex = { test: (text: string) => boolean; maxChars: number } | { problem: string }

/** Suites hold few patterns and rows are many: the last ones compiled are kept. */
const KEPT = 50
const compiled = new Map<string, LinearRegex>()

/**
 * Compiles a regular expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax) with the flags `i`, `m`, `s`.
 * RE2 takes time in proportion to the text whatever the pattern is, where JavaScript's engine may take for ever
 * (R. Cox 2007), and a Worker can't stop it. It has no look-around and no back-references.
 */
export function linearRegex(pattern: string, flags = ''): LinearRegex {
  const key = `${flags}/${pattern}`
  const known = compiled.get(key)
  if (known) return known
  const regex = compile(pattern, flags)
  if (compiled.size >= KEPT) compiled.clear()
  compiled.set(key, regex)
  return regex
}

const TOO_LARGE = { problem: 'is too large: its counted repeats write their part out that often' }

function compile(pattern: string, flags: string): LinearRegex {
  if (pattern.length > MAX_PATTERN) return { problem: `is longer than ${MAX_PATTERN} characters` }
  if (writtenOut(pattern) > MAX_WRITTEN_OUT) return TOO_LARGE
  try {
    const regex = new RE2JS(pattern, flagBits(flags))
    const instructions = regex.re2Input.prog.inst.length
    if (instructions > MAX_INSTRUCTIONS) return TOO_LARGE
    return { test: (text) => testOnce(regex, text), maxChars: Math.floor(MAX_WORK / instructions) }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return { problem: explain(message) }
  }
}

/** At most this many characters: each count as if it repeated the whole pattern. RE2 itself limits counts inside counts. */
function writtenOut(pattern: string): number {
  let rounds = 1
  for (const [, least, most] of pattern.matchAll(/\{(\d{1,6})(?:,(\d{0,6}))?\}/g))
    rounds += Number(most || least)
  return rounds * pattern.length
}

/** The states that a test worked out may take tens of megabytes; working them out again costs microseconds. */
function testOnce(regex: RE2JS, text: string): boolean {
  const found = regex.test(text)
  regex.reset()
  return found
}

function flagBits(flags: string): number {
  return (
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0)
  )
}

function explain(message: string): string {
  if (/`\(\?<?[=!]/.test(message))
    return 'uses look-around, which RE2 has not: use negate, or a metric for each part'
  if (/escape sequence: `\\[1-9]/.test(message)) return 'uses a back-reference, which RE2 has not'
  return `is not valid in RE2's syntax: ${message.replace(/^error parsing regexp: /, '')}`
}
