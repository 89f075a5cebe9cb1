import * as z from 'zod'
import { canonicalJson } from '../hash.ts'
import { Json } from '../json.ts'
import { Source } from './source.ts'

/** When a stage runs. A stage whose condition does not hold is skipped, and so is what needs it. */
export const Condition = z.discriminatedUnion('is', [
  z.strictObject({ source: Source, is: z.literal('present') }),
  z.strictObject({ source: Source, is: z.enum(['equal', 'different']), value: Json }),
  z.strictObject({ source: Source, is: z.enum(['above', 'below']), value: z.number() }),
])
export type Condition = z.infer<typeof Condition>

/** Whether a condition holds for what its source gave. Only a number is above or below another. */
export function conditionHolds(condition: Condition, given: Json | undefined): boolean {
  switch (condition.is) {
    case 'present':
      return given !== undefined && given !== null
    case 'equal':
      return canonicalJson(given ?? null) === canonicalJson(condition.value)
    case 'different':
      return canonicalJson(given ?? null) !== canonicalJson(condition.value)
    case 'above':
      return typeof given === 'number' && given > condition.value
    case 'below':
      return typeof given === 'number' && given < condition.value
  }
}

/** The condition in words, for people who ask why a stage was skipped. */
export function describeCondition(condition: Condition): string {
  const words = {
    present: 'is present',
    equal: 'is',
    different: 'is not',
    above: 'is above',
    below: 'is below',
  }
  const value = 'value' in condition ? ` ${JSON.stringify(condition.value)}` : ''
  return `${condition.source} ${words[condition.is]}${value}`
}
