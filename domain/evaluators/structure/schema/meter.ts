import { MAX_SCHEMA_LEVELS, MAX_SCHEMA_STEPS } from '../../limits.ts'
import { UnusableSchema } from './problem.ts'

/** Counts the work of one validation: a schema of a few lines may ask for 2^100 checks (each `$ref` twice the last). */
export interface Meter {
  spend(steps: number): void
}

export function meter(left = MAX_SCHEMA_STEPS): Meter {
  return {
    spend(steps) {
      left -= steps
      if (left < 0)
        throw new UnusableSchema(`it asks for more than ${MAX_SCHEMA_STEPS} checks of this response`)
    },
  }
}

/** The validator recurses: this many levels of schemas within schemas are far from the end of a Worker's stack. */
export function checkLevel(level: number): void {
  if (level > MAX_SCHEMA_LEVELS)
    throw new UnusableSchema(`its references lead deeper than ${MAX_SCHEMA_LEVELS} levels`)
}
