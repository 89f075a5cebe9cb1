import { dateMentions } from '../text/dates.ts'
import { type NumberMention, numberMentions, sameNumber } from '../text/numbers.ts'
import type { Support } from './support.ts'

/** Below this coverage the window speaks of something else. */
const SAME_MATTER = 0.5

/**
 * Numbers and dates that the context does not mention, beside what its best window has in their place: another number
 * of the same unit ("15 days against 14 days"), or another date.
 */
export function conflictsOf({ claim, missing, evidence, parts }: Support): string[] {
  const unknown = missing.filter((fact) => fact.kind === 'number')
  if (unknown.length === 0 || !evidence || parts.window < SAME_MATTER) return []
  const dates = dateMentions(evidence.text).filter(
    ({ keys }) => !claim.dates.some((date) => date.keys.some((key) => keys.includes(key))),
  )
  const numbers = numberMentions(evidence.text, dates).filter(
    (other) => !claim.numbers.some((number) => sameNumber(number, other)),
  )
  return unknown.flatMap((fact) => {
    const date = claim.dates.find((one) => one.start === fact.start)
    const number = claim.numbers.find((one) => one.start === fact.start)
    const other = date
      ? dates.find(({ keys }) => kindOf(keys) === kindOf(date.keys))
      : number && numbers.find((one) => answers(one, number))
    return other ? [`${fact.text} against ${other.text}`] : []
  })
}

/** `day` or `time`. */
function kindOf(keys: readonly string[]): string | undefined {
  return keys[0]?.split(':')[0]
}

/** Another number of the same unit, or the same number of another: numbers without a unit may count anything. */
function answers(a: NumberMention, b: NumberMention): boolean {
  if (a.unit === undefined || b.unit === undefined) return false
  return a.unit.of === b.unit.of || a.value === b.value
}
