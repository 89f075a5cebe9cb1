import { type AST, RegExpParser } from '@eslint-community/regexpp'
import { type LinearPattern, linearPattern } from './linear-pattern.ts'
import { type PatternCost, costOf } from './pattern-cost.ts'

/** Longest regular expression that is taken. */
const MAX_PATTERN = 2000
/** Characters that a pattern may ask for, with every repeat written out. */
const MAX_STATES = 10_000
/** Steps of JavaScript's engine, of a nanosecond or two, where a pattern may need more than one for a character. */
const MAX_BACKTRACKING = 1e5
/** Characters × states that RE2 follows, some 150 ns each. */
const MAX_LINEAR = 2.5e6
/** With so few states RE2 sees all their combinations as states of their own, and follows one. */
const FEW_STATES = 10

/** A regular expression as JSON Schema has them: somewhere in the text, Unicode (ECMA-262, flag `u`). */
export interface Pattern {
  /** Whether it matches, or why it may not run on this text. */
  test(text: string): boolean | { problem: string }
  /** How long that may take, in microseconds or so. */
  effort(textLength: number): number
}

/**
 * A regular expression that ends in bounded time. JavaScript's engine backtracks, which may take exponential time and
 * can't be stopped: it runs where the work is bounded by the pattern's syntax and the text's length. RE2, which is slower
 * but linear, runs otherwise. What neither can do is a problem, not a mismatch.
 */
export function patternFor(pattern: string): Pattern | { problem: string } {
  const known = prepared.get(pattern)
  if (known) return known
  if (prepared.size >= MAX_PREPARED) prepared.clear()
  const made = prepare(pattern)
  prepared.set(pattern, made)
  return made
}

/** A schema has the same patterns row after row, and reading one takes longer than most matches. */
const prepared = new Map<string, Pattern | { problem: string }>()
const MAX_PREPARED = 200

function prepare(pattern: string): Pattern | { problem: string } {
  const read = readPattern(pattern)
  if ('problem' in read) return read
  const { native, cost, syntax } = read
  let linear: LinearPattern | null | undefined
  return {
    test(text) {
      if (runsNatively(cost, text.length)) return native.test(text)
      linear ??= (syntax && linearPattern(syntax)) ?? null
      if (!linear) return { problem: tooLong(cost, text.length) }
      if (following(cost, text.length) <= MAX_LINEAR) return linear.test(text)
      return { problem: `could run too long on ${text.length} characters` }
    },
    effort: (length) => (runsNatively(cost, length) ? work(cost, length) / 500 : following(cost, length) / 7),
  }
}

/** Why JavaScript's own engine may not run a pattern on a text of this length; undefined when it may. */
export function patternProblem(pattern: string, textLength: number): string | undefined {
  const read = readPattern(pattern)
  if ('problem' in read) return read.problem
  return runsNatively(read.cost, textLength) ? undefined : tooLong(read.cost, textLength)
}

interface ReadPattern {
  native: RegExp
  cost: PatternCost
  /** Absent for patterns that are none with the flag `u`: they run as JavaScript did before it. */
  syntax?: AST.Pattern
}

function readPattern(pattern: string): ReadPattern | { problem: string } {
  if (pattern.length > MAX_PATTERN) return { problem: `is longer than ${MAX_PATTERN} characters` }
  for (const unicode of [true, false]) {
    const syntax = parsed(pattern, unicode)
    if (!syntax) continue
    const cost = costOf(syntax)
    if (cost.size > MAX_STATES) return { problem: `asks for more than ${MAX_STATES} characters` }
    try {
      return { native: new RegExp(pattern, unicode ? 'u' : ''), cost, ...(unicode ? { syntax } : {}) }
    } catch {
      // The parser knows syntax that this engine does not.
    }
  }
  return { problem: 'is no regular expression' }
}

function parsed(pattern: string, unicode: boolean): AST.Pattern | undefined {
  try {
    return new RegExpParser({ ecmaVersion: 2025 }).parsePattern(pattern, 0, pattern.length, { unicode })
  } catch {
    return undefined
  }
}

function runsNatively(cost: PatternCost, length: number): boolean {
  return work(cost, length) <= (cost.degree > 1 || cost.choices > 0 ? MAX_BACKTRACKING : 1e7)
}

/** Steps of the engine that backtracks, at most. */
function work({ degree, choices, size }: PatternCost, length: number): number {
  return Math.max(1, length) ** Math.max(1, degree) * 2 ** choices * Math.max(1, size / 20)
}

/** Steps of the engine that follows all ways. */
function following({ size }: PatternCost, length: number): number {
  return length * (size <= FEW_STATES ? 1 : size)
}

function tooLong({ degree }: PatternCost, length: number): string {
  return degree === Infinity ? 'could run for ever' : `could run too long on ${length} characters`
}
