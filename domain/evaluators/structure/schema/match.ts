import { patternFor } from '../pattern.ts'
import type { Meter } from './meter.ts'
import { UnusableSchema } from './problem.ts'

/** Matches patterns within the bounds of one validation. */
export function matcher(meter: Meter): (pattern: string, text: string) => boolean {
  return (pattern, text) => {
    const found = patternFor(pattern)
    meter.spend(1)
    if ('problem' in found) throw unusable(pattern, found.problem)
    const result = found.test(text)
    if (typeof result !== 'boolean') throw unusable(pattern, result.problem)
    meter.spend(found.effort(text.length) * STEPS_PER_MICROSECOND)
    return result
  }
}

const STEPS_PER_MICROSECOND = 10

function unusable(pattern: string, problem: string): UnusableSchema {
  return new UnusableSchema(`it has a pattern that ${problem}: ${pattern.slice(0, 100)}`)
}
